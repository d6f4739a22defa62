-- Of each topic one complaint and one positive message from $since to before $until: of the 20 most urgent ones of which the model is surest,
-- one of a length that is read. `topics`: topic.
WITH said AS (
    SELECT i.key, i.topic, i.sentiment = 'positive' AS good,
        (CASE WHEN i.sentiment = 'positive' THEN 0 WHEN i.urgency = 'critical' THEN 3 WHEN i.urgency = 'high' THEN 2 WHEN i.urgency = 'normal' THEN 1
            ELSE 0 END, coalesce(i.confidence, 0), i.received_at, i.key) AS rank
    FROM items i SEMI JOIN topics t ON t.topic = i.topic
    WHERE i.status IN ('case', 'praise', 'other') AND i.ours IS NOT TRUE AND i.received_at >= $since AND i.received_at < $until
        AND (i.sentiment = 'positive' OR (i.sentiment = 'negative' AND i.kind = 'complaint'))
),
best AS (
    SELECT topic, good, unnest(arg_max(key, rank, 20)) AS key, unnest(max(rank, 20)) AS rank FROM said GROUP BY topic, good
),
words AS (
    SELECT key, item_id, length(text) BETWEEN 40 AND 400 AS is_read FROM items
    WHERE key IN (SELECT key FROM best) AND received_at >= $since AND received_at < $until
)
SELECT b.topic, arg_max(w.item_id, (b.rank[1], w.is_read, b.rank)) FILTER (NOT b.good) AS bad,
    arg_max(w.item_id, (w.is_read, b.rank)) FILTER (b.good) AS good
FROM best b JOIN words w USING (key) GROUP BY b.topic ORDER BY b.topic
