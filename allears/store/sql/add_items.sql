-- Fresh items, each with the customer its contact belongs to, on the day its original came in. `fresh`: item_id.
INSERT INTO items BY NAME
WITH places AS MATERIALIZED (SELECT rowid AS place FROM contacts WHERE key IN (SELECT md5_number_lower(contact) FROM page_items)),
known AS (SELECT contact, customer_id FROM contacts WHERE rowid IN (FROM places))
SELECT DISTINCT ON (p.item_id)
    p.* EXCLUDE (customer_id), coalesce(c.customer_id, p.customer_id) AS customer_id, coalesce(q."at", $at) AS ingested_at, 'new' AS status,
    md5_number_lower(p.item_id) AS key, md5_number_lower(p.external_id) AS external_key,
    md5_number_lower(coalesce(c.customer_id, p.customer_id)) AS customer_key
FROM page_items p SEMI JOIN fresh USING (item_id) LEFT JOIN known c ON p.contact = c.contact LEFT JOIN quarantine q ON q.item_id = p.item_id
