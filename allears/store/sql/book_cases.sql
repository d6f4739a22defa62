-- Cases a batch may belong to: those of its customers, those its threads or our mails point to, and those its words name.
-- `batch`: item_id; `sent`: id.
WITH places AS MATERIALIZED (SELECT rowid AS place FROM items WHERE key IN (SELECT md5_number_lower(item_id) FROM batch)),
wanted AS MATERIALIZED (
    SELECT customer_id, customer_key, "references", thread_id, text FROM items
    WHERE rowid IN (SELECT place FROM places) AND item_id IN (SELECT item_id FROM batch)
),
threads AS (
    SELECT unnest("references") AS external_id FROM wanted
    UNION SELECT thread_id FROM wanted WHERE thread_id IS NOT NULL
),
beside AS MATERIALIZED (
    SELECT rowid AS place FROM items WHERE external_key IN (SELECT md5_number_lower(external_id) FROM threads)
    UNION SELECT rowid FROM items WHERE customer_key IN (SELECT customer_key FROM wanted)
),
reached AS (
    SELECT DISTINCT case_id FROM items WHERE rowid IN (FROM beside) AND case_id IS NOT NULL AND external_id IN (SELECT external_id FROM threads)
),
written AS (
    SELECT DISTINCT case_id FROM items WHERE rowid IN (FROM beside) AND case_id IS NOT NULL AND customer_id IN (SELECT customer_id FROM wanted)
),
named AS (SELECT upper(regexp_extract(text, '^\s*\[?#?(c-\d+)', 1, 'i')) AS id FROM wanted),
meant AS MATERIALIZED (
    SELECT try_cast(substr(id, 3) AS INTEGER) AS number FROM (SELECT case_id AS id FROM reached UNION SELECT id FROM sent UNION SELECT id FROM named)
),
found AS MATERIALIZED (
    SELECT rowid AS place FROM cases WHERE number IN (FROM meant)
    UNION SELECT rowid FROM cases WHERE number IN (SELECT substr(case_id, 3)::INTEGER FROM written)
        AND status NOT IN ('resolved', 'closed') AND customer_id IN (SELECT customer_id FROM wanted)
)
SELECT * FROM cases WHERE rowid IN (SELECT place FROM found)
