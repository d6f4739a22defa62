-- A mail was handed over.
UPDATE outbox SET sent_at = $at, attempts = attempts + 1, last_error = NULL WHERE key = $key AND sent_at IS NULL RETURNING kind, recipient, case_id
