-- Contacts met for the first time; each begins as a customer of its own. `page_items`: see add_items.
INSERT INTO contacts
SELECT DISTINCT ON (contact) contact, customer_id, author, received_at
FROM page_items ANTI JOIN contacts USING (contact)
WHERE contact IS NOT NULL
ORDER BY contact, received_at
