-- How many rejected messages of the page are new.
SELECT count(DISTINCT item_id) AS fresh FROM page_rejected ANTI JOIN quarantine USING (item_id) ANTI JOIN items USING (item_id)
