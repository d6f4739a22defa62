-- Where messages lie by their meaning: new ones, or, when they are read $again, those that had a place. `meant`: item_id, m1 to m6.
INSERT INTO meanings BY NAME
SELECT i.key, i.received_at, m.m1, m.m2, m.m3, m.m4, m.m5, m.m6 FROM meant m JOIN items i USING (item_id) WHERE $again OR i.status = 'new'
