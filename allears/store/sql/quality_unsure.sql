-- Messages received after $since that the model is least sure of, $each of each sentiment and language; none that a person read before,
-- and none twice in the same words.
WITH unsure AS (
    SELECT rowid AS place, sentiment, detected, confidence, fingerprint, key
    FROM items
    WHERE status IN ('case', 'praise', 'other') AND ours IS NOT TRUE AND corrected IS NOT TRUE AND received_at > $since
        AND confidence < $unsure AND item_id NOT IN (SELECT item_id FROM sampled)
    QUALIFY row_number() OVER (PARTITION BY sentiment, detected ORDER BY confidence, key) <= 20 * $each
),
different AS (SELECT * FROM unsure QUALIFY row_number() OVER (PARTITION BY coalesce(fingerprint, place::VARCHAR) ORDER BY confidence, key) = 1),
offered AS (SELECT * FROM different QUALIFY row_number() OVER (PARTITION BY sentiment, detected ORDER BY confidence, key) <= $each)
SELECT i.item_id, o.sentiment, o.detected AS language, o.confidence::DOUBLE AS confidence, left(i.text, 400) AS words
FROM offered o JOIN items i ON i.rowid = o.place
ORDER BY o.confidence, i.item_id
