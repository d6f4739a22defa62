-- What is to be handed over now, oldest first; gathered alerts go with their digest.
SELECT key, kind, recipient, item_id, case_id, created_at, due_at, attempts, way FROM outbox
WHERE sent_at IS NULL AND failed_at IS NULL AND gathered_in IS NULL AND due_at <= $now ORDER BY created_at, key LIMIT $limit
