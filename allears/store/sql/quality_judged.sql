-- What people said of messages since $since and what AllEars had said of each. What was judged and corrected counts as judged, once.
WITH judged AS (
    SELECT item_id, CASE WHEN week IS NULL THEN 'unsure' ELSE 'lot' END AS basis, said_sentiment, said_kind, sentiment, kind
    FROM sampled WHERE "at" > $since
    UNION ALL BY NAME
    SELECT item_id, 'corrected' AS basis, arg_min(said_sentiment, id) AS said_sentiment, arg_min(said_kind, id) AS said_kind,
        coalesce(arg_max(sentiment, id), arg_min(said_sentiment, id)) AS sentiment, coalesce(arg_max(kind, id), arg_min(said_kind, id)) AS kind
    FROM corrections WHERE "at" > $since AND item_id NOT IN (SELECT item_id FROM sampled) GROUP BY item_id
)
SELECT j.basis, i.channel, coalesce(i.language, i.detected) AS language, j.said_sentiment, j.said_kind, j.sentiment, j.kind,
    count(*) AS messages
FROM judged j JOIN (
    SELECT * FROM items WHERE key IN (SELECT md5_number_lower(item_id) FROM judged)
) i ON i.item_id = j.item_id
GROUP BY ALL ORDER BY ALL
