-- Mails to be sent, each step to each person once. `told`: key, kind, recipient, item_id, case_id, created_at, due_at, way.
INSERT INTO outbox BY NAME
SELECT DISTINCT ON (key) *, 0 AS attempts FROM told ANTI JOIN outbox USING (key)
