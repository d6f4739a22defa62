-- Praise of the period: those that name someone first, then the newest.
SELECT item_id, count(*) OVER () AS total FROM items
WHERE received_at > $start AND received_at <= $until AND ours IS NOT TRUE AND (status = 'praise' OR (status = 'case' AND len(praised) > 0))
ORDER BY len(praised) > 0 DESC, status = 'praise' DESC, received_at DESC, item_id LIMIT 5
