-- Rejected messages of the page that are known neither as items nor in quarantine.
WITH places AS MATERIALIZED (SELECT rowid AS place FROM items WHERE key IN (SELECT md5_number_lower(item_id) FROM page_rejected)),
known AS (SELECT item_id FROM items WHERE rowid IN (FROM places) UNION SELECT item_id FROM quarantine UNION SELECT item_id FROM page_items)
SELECT DISTINCT item_id FROM page_rejected ANTI JOIN known USING (item_id)
