-- Customers' messages by their first topic, now ($start to $until) and in the period before it ($before to $start).
SELECT u.topics[1].topic AS topic,
    count(*) FILTER (i.received_at > $start AND u.sentiment = 'negative') AS negative,
    count(*) FILTER (i.received_at > $start AND u.sentiment = 'mixed') AS mixed,
    count(*) FILTER (i.received_at > $start AND u.sentiment = 'neutral') AS neutral,
    count(*) FILTER (i.received_at > $start AND u.sentiment = 'positive') AS positive,
    count(*) FILTER (i.received_at <= $start) AS before
FROM items i JOIN readings u USING (item_id)
WHERE i.status IN ('case', 'praise', 'other') AND i.ours IS NOT TRUE AND i.received_at > $before AND i.received_at <= $until AND len(u.topics) > 0
GROUP BY ALL ORDER BY negative + mixed + neutral + positive DESC, topic
