-- Items with all that is known of them. `wanted`: item_id.
SELECT i.*, u.* EXCLUDE (item_id, "at", language), u.language AS detected
FROM items i JOIN wanted USING (item_id) LEFT JOIN readings u ON u.item_id = i.item_id
ORDER BY i.received_at, i.item_id
