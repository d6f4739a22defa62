-- Where lies what the customer wrote in a case, and the same customer's other messages, the newest of them.
WITH own AS (SELECT rowid AS place, key, item_id, true AS own FROM items WHERE case_id = $id AND ours IS NOT TRUE),
book AS (
    SELECT rowid AS place, key, item_id, false AS own FROM items
    WHERE customer_key = md5_number_lower($customer_id) AND customer_id = $customer_id AND coalesce(case_id, '') <> $id AND ours IS NOT TRUE
        AND status NOT IN ('new', 'understood', 'duplicate', 'spam')
    ORDER BY received_at DESC LIMIT 50
)
FROM own UNION ALL FROM book
