-- To whom our own mails went that came back in a batch, by their keys, which begin their message ids. `batch`: item_id.
WITH bounces AS (SELECT i."references", i.extra FROM items i JOIN batch USING (item_id) WHERE i.automated = 'bounce'),
returned AS (
    SELECT unnest("references") AS message_id FROM bounces
    UNION SELECT extra ->> 'bounced_message' FROM bounces
)
SELECT key, recipient FROM outbox SEMI JOIN (SELECT split_part(message_id, '@', 1) AS key FROM returned) USING (key)
