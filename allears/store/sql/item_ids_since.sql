-- Understood items in the order in which they were received.
SELECT i.item_id FROM items i JOIN readings r USING (item_id) WHERE i.received_at >= $since AND i.ours IS NOT TRUE ORDER BY i.received_at, i.item_id
