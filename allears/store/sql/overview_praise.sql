-- Praise of the period: those that name someone first, then the newest.
SELECT i.item_id, count(*) OVER () AS total FROM items i JOIN readings u USING (item_id)
WHERE i.received_at > $start AND i.received_at <= $until AND (i.status = 'praise' OR (i.status = 'case' AND len(u.praised) > 0))
ORDER BY len(u.praised) > 0 DESC, i.status = 'praise' DESC, i.received_at DESC LIMIT 5
