-- Which case each message id belongs to that a batch refers to. `batch`: item_id.
WITH places AS MATERIALIZED (SELECT rowid AS place FROM items WHERE key IN (SELECT md5_number_lower(item_id) FROM batch)),
wanted AS MATERIALIZED (SELECT "references", thread_id FROM items WHERE rowid IN (SELECT place FROM places) AND item_id IN (SELECT item_id FROM batch)),
threads AS (
    SELECT unnest("references") AS external_id FROM wanted
    UNION SELECT thread_id FROM wanted WHERE thread_id IS NOT NULL
),
beside AS MATERIALIZED (SELECT rowid AS place FROM items WHERE external_key IN (SELECT md5_number_lower(external_id) FROM threads))
SELECT DISTINCT external_id, case_id FROM items
WHERE rowid IN (FROM beside) AND external_id IN (SELECT external_id FROM threads) AND case_id IS NOT NULL
