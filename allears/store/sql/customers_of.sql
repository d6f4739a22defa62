-- The customer of each item of a batch. `batch`: item_id.
WITH places AS MATERIALIZED (SELECT rowid AS place FROM items WHERE key IN (SELECT md5_number_lower(item_id) FROM batch))
SELECT item_id, customer_id FROM items WHERE rowid IN (SELECT place FROM places) AND item_id IN (SELECT item_id FROM batch) AND customer_id IS NOT NULL
