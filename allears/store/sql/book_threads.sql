-- Which case each message id belongs to that a batch refers to. `batch`: item_id.
WITH wanted AS (SELECT i."references", i.thread_id FROM items i JOIN batch USING (item_id)),
threads AS (
    SELECT unnest("references") AS external_id FROM wanted
    UNION SELECT thread_id FROM wanted WHERE thread_id IS NOT NULL
)
SELECT DISTINCT i.external_id, i.case_id FROM items i JOIN threads USING (external_id) WHERE i.case_id IS NOT NULL
