-- New items that are understood now.
UPDATE items SET status = 'understood' WHERE status = 'new' AND item_id IN (SELECT item_id FROM understood)
