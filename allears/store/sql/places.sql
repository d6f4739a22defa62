-- Where items lie. `wanted`: item_id.
SELECT rowid AS place, key, item_id FROM items
WHERE key IN (SELECT md5_number_lower(item_id) FROM wanted) AND item_id IN (SELECT item_id FROM wanted)
