-- Other messages of a case's customer, newest first.
SELECT item_id FROM items
WHERE customer_key = md5_number_lower($customer_id) AND customer_id = $customer_id AND coalesce(case_id, '') <> $id AND ours IS NOT TRUE AND status NOT IN ('new', 'understood', 'duplicate', 'spam')
ORDER BY received_at DESC LIMIT 50
