-- When a customer wrote and in what tone, newest first, and how often in all.
SELECT received_at AS "at", sentiment, count(*) OVER () AS messages FROM items
WHERE customer_key = md5_number_lower($id) AND customer_id = $id AND ours IS NOT TRUE AND status NOT IN ('duplicate', 'spam')
ORDER BY received_at DESC, key LIMIT $limit
