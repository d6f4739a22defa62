-- Messages waiting in quarantine, oldest first.
SELECT item_id, source, external_id, "at", error FROM quarantine WHERE read_at IS NULL ORDER BY "at", item_id
