-- Items with all that is known of them. `wanted`: item_id. Places are found by key first, so that wide rows are read where they lie only.
WITH keys AS (SELECT md5_number_lower(item_id) AS key FROM wanted),
own AS MATERIALIZED (SELECT rowid AS place FROM items WHERE key IN (FROM keys)),
read AS MATERIALIZED (SELECT rowid AS place FROM understandings WHERE key IN (FROM keys))
SELECT i.* EXCLUDE (key, external_key, customer_key, sentiment, kind, topic, urgency, detected, confidence, corrected, praised, known_at),
    u.* EXCLUDE (item_id, key, place, "at", language), u.language AS detected
FROM (SELECT * FROM items WHERE rowid IN (FROM own)) i LEFT JOIN (SELECT * FROM readings WHERE place IN (FROM read)) u ON u.item_id = i.item_id
WHERE i.item_id IN (SELECT item_id FROM wanted)
ORDER BY i.received_at, i.item_id
