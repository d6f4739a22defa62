-- What was understood of items that are still new. `understood`: as the table.
INSERT INTO understandings BY NAME
SELECT DISTINCT ON (u.item_id) u.*, i.key FROM understood u JOIN items i USING (item_id) WHERE i.status = 'new'
