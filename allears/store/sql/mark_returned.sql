-- A mail that had been handed over came back for good.
UPDATE outbox SET failed_at = $at, last_error = $error WHERE key = $key AND failed_at IS NULL
