-- A message was handed over: with a digest the alerts it stands for, and with an alert the older ones of its case that still wait.
WITH told AS (SELECT * FROM outbox WHERE (key = $key OR gathered_in = $key) AND sent_at IS NULL)
UPDATE outbox SET sent_at = $at, attempts = attempts + 1, last_error = NULL
WHERE sent_at IS NULL AND (key IN (SELECT key FROM told) OR failed_at IS NULL AND kind = 'alert' AND EXISTS (
    SELECT 1 FROM told WHERE told.kind = 'alert' AND told.case_id = outbox.case_id AND told.recipient = outbox.recipient
        AND told.way = outbox.way AND told.created_at > outbox.created_at))
RETURNING kind, recipient, case_id, way
