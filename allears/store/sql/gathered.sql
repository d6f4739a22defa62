-- The messages that a mail about several stands for, oldest first.
SELECT key, kind, recipient, item_id, case_id, created_at, due_at, attempts, way FROM outbox WHERE gathered_in = $key ORDER BY created_at, key
