-- Messages that are another case's from now on. `moved`: item_id.
UPDATE items SET case_id = $case_id
WHERE key IN (SELECT md5_number_lower(item_id) FROM moved) AND item_id IN (SELECT item_id FROM moved) AND case_id IS NOT NULL
