-- Customers' messages by day, channel and sentiment. Machine mail, spam and duplicates are left out.
SELECT timezone($timezone, i.received_at)::DATE AS day, i.channel,
    count(*) FILTER (i.sentiment = 'negative') AS negative, count(*) FILTER (i.sentiment = 'mixed') AS mixed,
    count(*) FILTER (i.sentiment = 'neutral') AS neutral, count(*) FILTER (i.sentiment = 'positive') AS positive,
    count(*) FILTER (i.kind = 'complaint') AS complaints
FROM items i
WHERE i.status IN ('case', 'praise', 'other') AND i.ours IS NOT TRUE AND i.received_at > $start AND i.received_at <= $until
GROUP BY ALL ORDER BY day, channel
