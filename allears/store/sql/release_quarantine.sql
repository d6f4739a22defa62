-- What was quarantined and could now be read leaves quarantine.
UPDATE quarantine SET read_at = $at WHERE read_at IS NULL AND item_id IN (SELECT item_id FROM page_items)
