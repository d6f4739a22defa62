-- Messages that wait until a moment. `wanted`: item_id holds their keys.
UPDATE outbox SET due_at = $until WHERE key IN (SELECT item_id FROM wanted) AND sent_at IS NULL AND failed_at IS NULL
