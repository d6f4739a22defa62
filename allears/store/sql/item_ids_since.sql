-- Understood items in the order in which they were received.
SELECT i.item_id FROM items i WHERE i.sentiment IS NOT NULL AND i.received_at >= $since AND i.ours IS NOT TRUE ORDER BY i.received_at, i.item_id
