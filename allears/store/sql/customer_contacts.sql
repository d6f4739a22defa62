-- A customer's addresses and handles, the first known at the front.
SELECT contact, name, first_seen_at AS since FROM contacts WHERE customer_id = $id ORDER BY first_seen_at, contact
