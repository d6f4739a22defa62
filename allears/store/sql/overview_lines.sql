-- The open cases that are due first, with their customer's name and newest words.
WITH first AS MATERIALIZED (SELECT * FROM cases WHERE status NOT IN ('resolved', 'closed') ORDER BY next_date, id LIMIT $limit),
places AS MATERIALIZED (SELECT rowid AS place FROM items WHERE key IN (SELECT md5_number_lower(item_ids[-1]) FROM first)),
newest AS (SELECT item_id, author, contact, title, text, sentiment, channel FROM items WHERE rowid IN (FROM places))
SELECT c.*, coalesce(i.author, regexp_replace(i.contact, '^[a-z]+:', ''), 'A customer') AS customer, coalesce(nullif(i.title, ''), left(i.text, 300)) AS words,
    i.sentiment, i.channel
FROM first c JOIN newest i ON i.item_id = c.item_ids[-1] ORDER BY c.next_date, c.id
