-- What somebody says of a message that nobody judged before, beside what AllEars said.
INSERT INTO sampled BY NAME
SELECT u.item_id, $week::DATE AS week, $at AS "at", $by AS "by", $sentiment AS sentiment, $kind AS kind, u.sentiment AS said_sentiment,
    u.kind AS said_kind
FROM understandings u
WHERE u.key = md5_number_lower($item_id) AND u.item_id = $item_id AND u.superseded_at IS NULL
    AND u.item_id NOT IN (SELECT item_id FROM sampled)
RETURNING said_sentiment, said_kind
