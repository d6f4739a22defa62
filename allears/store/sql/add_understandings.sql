-- What was understood of items that are still new. `understood`: as the table.
INSERT INTO understandings BY NAME
WITH places AS MATERIALIZED (SELECT rowid AS place FROM items WHERE key IN (SELECT md5_number_lower(item_id) FROM understood)),
still AS (SELECT item_id, key FROM items WHERE rowid IN (FROM places) AND status = 'new')
SELECT DISTINCT ON (u.item_id) u.*, s.key FROM understood u JOIN still s USING (item_id)
