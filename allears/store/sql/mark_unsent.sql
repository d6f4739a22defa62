-- A mail could not be handed over; without a next time it never will be, nor will the alerts it stands for.
UPDATE outbox SET attempts = attempts + 1, last_error = $error, due_at = coalesce($retry_at::TIMESTAMPTZ, due_at),
    failed_at = CASE WHEN $retry_at::TIMESTAMPTZ IS NULL THEN $now::TIMESTAMPTZ END
WHERE (key = $key OR gathered_in = $key) AND sent_at IS NULL
RETURNING kind, case_id, recipient, failed_at, way
