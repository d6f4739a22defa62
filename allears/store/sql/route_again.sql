-- An item without a case goes back to be routed. Its former reason stays until then and tells that it was routed before.
UPDATE items SET status = 'understood' WHERE item_id = $item_id AND status IN ('praise', 'other') AND ours IS NOT TRUE
