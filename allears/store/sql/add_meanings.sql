-- Where messages lie by their meaning: new ones, or, when they are read $again, those that had a place. `meant`: item_id, m1 to m6.
INSERT INTO meanings BY NAME
WITH places AS MATERIALIZED (SELECT rowid AS place FROM items WHERE key IN (SELECT md5_number_lower(item_id) FROM meant)),
lying AS (SELECT item_id, key, received_at FROM items WHERE rowid IN (FROM places) AND ($again OR status = 'new'))
SELECT l.key, l.received_at, m.m1, m.m2, m.m3, m.m4, m.m5, m.m6 FROM meant m JOIN lying l USING (item_id)
