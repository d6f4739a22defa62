-- Cases a batch may belong to: those of its customers, those its threads or our mails point to, those its words name, and those
-- that these go on as. `batch`: item_id; `sent`: id.
WITH RECURSIVE places AS MATERIALIZED (SELECT rowid AS place FROM items WHERE key IN (SELECT md5_number_lower(item_id) FROM batch)),
wanted AS MATERIALIZED (
    SELECT customer_id, "references", thread_id, text FROM items
    WHERE rowid IN (SELECT place FROM places) AND item_id IN (SELECT item_id FROM batch)
),
threads AS (
    SELECT unnest("references") AS external_id FROM wanted
    UNION SELECT thread_id FROM wanted WHERE thread_id IS NOT NULL
),
reached AS (SELECT DISTINCT i.case_id FROM items i JOIN threads USING (external_id) WHERE i.case_id IS NOT NULL),
named AS (SELECT upper(regexp_extract(text, '^\s*\[?#?(c-\d+)', 1, 'i')) AS id FROM wanted),
meant AS (FROM reached UNION SELECT id FROM sent UNION SELECT id FROM named),
onward(id) AS (
    SELECT merged_into FROM cases WHERE merged_into IS NOT NULL AND id IN (FROM meant)
    UNION SELECT c.merged_into FROM cases c JOIN onward o ON c.id = o.id WHERE c.merged_into IS NOT NULL
),
found AS MATERIALIZED (
    SELECT rowid AS place FROM cases WHERE id IN (FROM meant)
    UNION SELECT rowid FROM cases WHERE id IN (FROM onward)
    UNION SELECT rowid FROM cases
    WHERE status NOT IN ('resolved', 'closed') AND customer_id IN (SELECT customer_id FROM wanted WHERE customer_id IS NOT NULL)
)
SELECT * FROM cases WHERE rowid IN (SELECT place FROM found)
