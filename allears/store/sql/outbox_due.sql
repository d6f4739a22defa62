-- Mails to hand over now, oldest first.
SELECT key, kind, recipient, item_id, case_id, created_at, due_at, attempts FROM outbox
WHERE sent_at IS NULL AND failed_at IS NULL AND due_at <= $now ORDER BY created_at, key LIMIT $limit
