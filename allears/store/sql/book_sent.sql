-- Our own mails that a batch answers or brings back, by the keys in their ids and in the addresses they are answered at. `batch`: item_id.
WITH places AS MATERIALIZED (SELECT rowid AS place FROM items WHERE key IN (SELECT md5_number_lower(item_id) FROM batch)),
wanted AS MATERIALIZED (SELECT "references", extra FROM items WHERE rowid IN (SELECT place FROM places) AND item_id IN (SELECT item_id FROM batch)),
named AS (
    SELECT unnest("references") AS name FROM wanted
    UNION SELECT extra ->> 'bounced_message' FROM wanted
    UNION SELECT extra ->> 'sent_to' FROM wanted
),
keys AS (SELECT DISTINCT unnest(regexp_extract_all(lower(name), '[0-9a-f]{24}')) AS key FROM named)
SELECT key, kind, recipient, item_id, case_id, created_at, due_at, attempts, way FROM outbox SEMI JOIN keys USING (key)
