-- Which models read messages: from when to when, and how many messages stand as each read them; the one that read last at the front.
SELECT model_version AS version, min("at") AS since, max("at") AS last, count(*) FILTER (superseded_at IS NULL) AS messages
FROM understandings GROUP BY ALL ORDER BY last DESC, version
