-- What people said of the messages drawn from a week, by the labels that AllEars gives them now.
WITH judged AS (SELECT md5_number_lower(item_id) AS key, item_id, sentiment, kind FROM sampled WHERE week = $week),
drawn AS (
    SELECT key, item_id FROM items
    WHERE (status IN ('case', 'praise', 'other') OR status = 'understood' AND why IS NOT NULL) AND ours IS NOT TRUE AND received_at >= $start AND received_at < $until
        AND key IN (SELECT key FROM judged)
)
SELECT u.sentiment AS said_sentiment, u.kind AS said_kind, j.sentiment, j.kind, count(*) AS messages
FROM judged j JOIN drawn d ON d.item_id = j.item_id
JOIN (
    SELECT * FROM understandings WHERE key IN (SELECT key FROM judged) AND superseded_at IS NULL
) u ON u.item_id = j.item_id
GROUP BY ALL ORDER BY ALL
