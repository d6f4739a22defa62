-- Messages that go with a digest, or another mail about several, from now on, and with them what they stood for. `wanted`: item_id holds their keys.
UPDATE outbox SET gathered_in = $key
WHERE key <> $key AND sent_at IS NULL AND failed_at IS NULL
    AND (key IN (SELECT item_id FROM wanted) AND gathered_in IS NULL OR gathered_in IN (SELECT item_id FROM wanted))
