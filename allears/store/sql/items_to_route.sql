-- Understood items in the order in which they were received; of copies of one moment, the one that came in first.
WITH waiting AS MATERIALIZED (
    SELECT rowid AS place, key FROM items WHERE status = 'understood' ORDER BY received_at, ingested_at, item_id LIMIT $limit
),
read AS MATERIALIZED (SELECT rowid AS place FROM understandings WHERE key IN (SELECT key FROM waiting))
SELECT i.* EXCLUDE (key, external_key, customer_key, sentiment, kind, topic, urgency, detected, confidence, corrected, praised, known_at,
    customer_id, fingerprint, status, why, case_id, duplicate_of), u.* EXCLUDE (item_id, key, place, "at", language), u.language AS detected,
    i.why IS NOT NULL AS routed_before
FROM (SELECT * FROM items WHERE rowid IN (SELECT place FROM waiting)) i
JOIN (SELECT * FROM readings WHERE place IN (FROM read)) u USING (item_id)
ORDER BY i.received_at, i.ingested_at, i.item_id
