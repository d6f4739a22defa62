-- Understood items in the order in which they were received; of copies of one moment, the one that came in first.
SELECT i.* EXCLUDE (key, customer_key, sentiment, kind, topic, urgency, detected, confidence, corrected, praised, known_at, customer_id, fingerprint, status, why, case_id,
    duplicate_of), u.* EXCLUDE (item_id, key, place, "at", language), u.language AS detected,
    i.why IS NOT NULL AS routed_before
FROM items i JOIN readings u USING (item_id)
WHERE i.status = 'understood' ORDER BY i.received_at, i.ingested_at, i.item_id LIMIT $limit
