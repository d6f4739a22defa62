-- Items of a routed batch that nobody routed meanwhile. `routed`: item_id, status, why, case_id, duplicate_of.
SELECT i.item_id FROM items i JOIN routed USING (item_id) WHERE i.status = 'understood'
