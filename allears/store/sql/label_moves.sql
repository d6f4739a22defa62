-- Sentiments as a model gave them and as people have them now; what the label shift moved counts as the model gave it. `drawn` were
-- drawn by lot, and count as they were judged where nobody corrected them. By keys alone, which two messages hardly ever share.
WITH counted AS (SELECT key FROM items WHERE received_at > $since AND status IN ('case', 'praise', 'other') AND ours IS NOT TRUE),
corrected AS (SELECT md5_number_lower(item_id) AS key, arg_max(sentiment, id) AS sentiment FROM corrections GROUP BY item_id),
drawn AS (SELECT md5_number_lower(item_id) AS key, sentiment FROM sampled WHERE week IS NOT NULL),
said AS (
    SELECT key, coalesce(unshifted, sentiment) AS said FROM understandings SEMI JOIN counted USING (key)
    WHERE model_version = $model_version AND superseded_at IS NULL AND "at" > $since
)
SELECT said, coalesce(c.sentiment, d.sentiment, said) AS "true", count(*) AS items, count(d.key) AS drawn
FROM said LEFT JOIN corrected c USING (key) LEFT JOIN drawn d USING (key)
GROUP BY ALL ORDER BY said, "true"
