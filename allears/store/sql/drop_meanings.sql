-- Where these messages lay until now. `meant`: item_id, m1 to m6.
DELETE FROM meanings WHERE key IN (SELECT md5_number_lower(item_id) FROM meant)
