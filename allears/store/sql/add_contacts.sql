-- Contacts met for the first time; each begins as a customer of its own. `page_items`: see add_items.
INSERT INTO contacts BY NAME
WITH places AS MATERIALIZED (SELECT rowid AS place FROM contacts WHERE key IN (SELECT md5_number_lower(contact) FROM page_items)),
known AS (SELECT contact FROM contacts WHERE rowid IN (FROM places))
SELECT DISTINCT ON (contact) contact, customer_id, author AS name, received_at AS first_seen_at, md5_number_lower(contact) AS key
FROM page_items ANTI JOIN known USING (contact)
WHERE contact IS NOT NULL
ORDER BY contact, received_at
