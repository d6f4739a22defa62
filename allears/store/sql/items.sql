-- Items with all that is known of them. `lying`: place, key, item_id. Wide rows are read where they lie only.
WITH read AS MATERIALIZED (SELECT rowid AS place FROM understandings WHERE key IN (SELECT key FROM lying))
SELECT i.* EXCLUDE (key, external_key, customer_key, sentiment, kind, topic, urgency, detected, confidence, corrected, praised, known_at),
    u.* EXCLUDE (item_id, key, place, "at", language), u.language AS detected
FROM (SELECT * FROM items WHERE rowid IN (SELECT place FROM lying)) i
LEFT JOIN (SELECT * FROM readings WHERE place IN (FROM read)) u ON u.item_id = i.item_id
WHERE i.item_id IN (SELECT item_id FROM lying)
ORDER BY i.received_at, i.item_id
