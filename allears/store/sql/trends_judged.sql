-- What the model said of messages drawn by lot, and what people said of them since $since. Those offered because it was unsure do not count.
SELECT said_sentiment AS said, sentiment AS "true", count(*) AS items FROM sampled WHERE week IS NOT NULL AND "at" > $since GROUP BY ALL ORDER BY ALL
