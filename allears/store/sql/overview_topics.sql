-- Customers' messages by their first topic, now ($start to $until) and in the period before it ($before to $start).
SELECT i.topic,
    count(*) FILTER (i.received_at > $start AND i.sentiment = 'negative') AS negative,
    count(*) FILTER (i.received_at > $start AND i.sentiment = 'mixed') AS mixed,
    count(*) FILTER (i.received_at > $start AND i.sentiment = 'neutral') AS neutral,
    count(*) FILTER (i.received_at > $start AND i.sentiment = 'positive') AS positive,
    count(*) FILTER (i.received_at <= $start) AS before
FROM items i
WHERE i.status IN ('case', 'praise', 'other') AND i.ours IS NOT TRUE AND i.received_at > $before AND i.received_at <= $until AND i.topic IS NOT NULL
GROUP BY ALL ORDER BY negative + mixed + neutral + positive DESC, topic
