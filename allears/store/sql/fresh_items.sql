-- How many items of the page are new.
SELECT count(DISTINCT item_id) AS fresh FROM page_items ANTI JOIN items USING (item_id)
