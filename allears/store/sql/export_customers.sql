-- Every customer with their contacts.
SELECT c.customer_id AS id, any_value(c.name) AS name, list(c.contact ORDER BY c.first_seen_at) AS contacts, min(c.first_seen_at) AS first_seen_at,
    coalesce(any_value(n.items), 0) AS items, coalesce(any_value(k.cases), 0) AS cases
FROM contacts c
LEFT JOIN (SELECT customer_id, count(*) AS items FROM items GROUP BY ALL) n USING (customer_id)
LEFT JOIN (SELECT customer_id, count(*) AS cases FROM cases GROUP BY ALL) k USING (customer_id)
GROUP BY c.customer_id ORDER BY id
