-- Sentiments as a model gave them and as people have them now; what the label shift moved counts as the model gave it. `drawn` were
-- drawn by lot, and count as they were judged where nobody corrected them.
SELECT u.model_sentiment AS said, coalesce(u.corrected_sentiment, s.sentiment, u.model_sentiment) AS "true", count(*) AS items,
    count(s.item_id) AS drawn
FROM readings u JOIN items i USING (item_id) LEFT JOIN (SELECT * FROM sampled WHERE week IS NOT NULL) s ON s.item_id = u.item_id
WHERE u.model_version = $model_version AND i.received_at > $since AND i.status IN ('case', 'praise', 'other') AND i.ours IS NOT TRUE
GROUP BY ALL ORDER BY said, "true"
