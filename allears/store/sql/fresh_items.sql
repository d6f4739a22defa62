-- Items of the page that are new.
WITH places AS MATERIALIZED (SELECT rowid AS place FROM items WHERE key IN (SELECT md5_number_lower(item_id) FROM page_items)),
known AS (SELECT item_id FROM items WHERE rowid IN (FROM places))
SELECT DISTINCT item_id FROM page_items ANTI JOIN known USING (item_id)
