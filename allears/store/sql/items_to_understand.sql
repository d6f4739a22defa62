-- New items, those that came in first at the front.
SELECT item_id, source, channel, external_id, thread_id, "references", received_at, author, contact, title, text, quoted,
    language, rating, reach, url, automated, spam, source_person, extra
FROM items WHERE status = 'new' ORDER BY ingested_at, received_at, item_id LIMIT $limit
