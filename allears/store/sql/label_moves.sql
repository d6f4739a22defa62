-- Sentiments as a model gave them and as people have them now; what the label shift moved counts as the model gave it.
SELECT u.model_sentiment AS said, coalesce(u.corrected_sentiment, u.model_sentiment) AS "true", count(*) AS items
FROM readings u JOIN items i USING (item_id)
WHERE u.model_version = $model_version AND i.received_at > $since AND i.status IN ('case', 'praise', 'other') AND i.ours IS NOT TRUE
GROUP BY ALL ORDER BY said, "true"
