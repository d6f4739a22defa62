-- A week's messages by the labels that AllEars gave them, whatever people say; also those that a correction sent back to be routed.
WITH week AS (
    SELECT item_id, key, sentiment, kind, corrected FROM items
    WHERE (status IN ('case', 'praise', 'other') OR status = 'understood' AND why IS NOT NULL) AND ours IS NOT TRUE AND received_at >= $start AND received_at < $until
),
corrected AS (SELECT * FROM week WHERE corrected),
said AS (
    SELECT sentiment, kind FROM week WHERE corrected IS NOT TRUE
    UNION ALL
    SELECT u.sentiment, u.kind FROM corrected c JOIN understandings u ON u.key = c.key AND u.item_id = c.item_id
    WHERE u.superseded_at IS NULL
)
SELECT sentiment AS said_sentiment, kind AS said_kind, count(*) AS messages FROM said GROUP BY ALL ORDER BY ALL
