-- Customers' messages by day, channel and sentiment. Machine mail, spam and duplicates are left out.
SELECT timezone($timezone, i.received_at)::DATE AS day, i.channel,
    count(*) FILTER (u.sentiment = 'negative') AS negative, count(*) FILTER (u.sentiment = 'mixed') AS mixed,
    count(*) FILTER (u.sentiment = 'neutral') AS neutral, count(*) FILTER (u.sentiment = 'positive') AS positive,
    count(*) FILTER (u.kind = 'complaint') AS complaints
FROM items i JOIN readings u USING (item_id)
WHERE i.status IN ('case', 'praise', 'other') AND i.ours IS NOT TRUE AND i.received_at > $start AND i.received_at <= $until
GROUP BY ALL ORDER BY day, channel
