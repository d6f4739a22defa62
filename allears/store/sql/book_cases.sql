-- Cases a batch may belong to: those of its customers, and those its threads point to. `batch`: item_id.
WITH wanted AS (SELECT i.customer_id, i."references", i.thread_id FROM items i JOIN batch USING (item_id)),
threads AS (
    SELECT unnest("references") AS external_id FROM wanted
    UNION SELECT thread_id FROM wanted WHERE thread_id IS NOT NULL
),
reached AS (SELECT DISTINCT i.case_id FROM items i JOIN threads USING (external_id) WHERE i.case_id IS NOT NULL)
SELECT * FROM cases
WHERE id IN (FROM reached)
   OR (status NOT IN ('resolved', 'closed') AND customer_id IN (SELECT customer_id FROM wanted WHERE customer_id IS NOT NULL))
