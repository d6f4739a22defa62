-- Items with all that is known of them. `wanted`: item_id.
WITH keys AS (SELECT md5_number_lower(item_id) AS key FROM wanted)
SELECT i.* EXCLUDE (key, customer_key, sentiment, kind, topic, urgency, detected, confidence, corrected), u.* EXCLUDE (item_id, key, "at", language),
    u.language AS detected
FROM (SELECT * FROM items WHERE key IN (SELECT key FROM keys)) i
LEFT JOIN (SELECT * FROM readings WHERE key IN (SELECT key FROM keys)) u ON u.item_id = i.item_id
WHERE i.item_id IN (SELECT item_id FROM wanted)
ORDER BY i.received_at, i.item_id
