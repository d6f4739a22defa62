-- Items that are not known yet, each with the customer its contact belongs to, on the day its original came in.
INSERT INTO items BY NAME
SELECT DISTINCT ON (p.item_id)
    p.* EXCLUDE (customer_id), coalesce(c.customer_id, p.customer_id) AS customer_id, o.ingested_at, 'new' AS status,
    md5_number_lower(p.item_id) AS key, md5_number_lower(coalesce(c.customer_id, p.customer_id)) AS customer_key
FROM page_items p JOIN originals o ON o.item_id = p.item_id ANTI JOIN items i ON p.item_id = i.item_id LEFT JOIN contacts c ON p.contact = c.contact
