-- The customer of each item of a batch. `batch`: item_id.
SELECT i.item_id, i.customer_id FROM items i JOIN batch USING (item_id) WHERE i.customer_id IS NOT NULL
