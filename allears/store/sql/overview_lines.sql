-- Open cases with their customer's name and newest words.
SELECT c.*, coalesce(i.author, regexp_replace(i.contact, '^[a-z]+:', ''), 'A customer') AS customer, coalesce(nullif(i.title, ''), left(i.text, 300)) AS words,
    u.sentiment, i.channel
FROM cases c JOIN items i ON i.item_id = c.item_ids[-1] JOIN readings u ON u.item_id = i.item_id
WHERE c.status NOT IN ('resolved', 'closed') ORDER BY c.next_date, c.id
