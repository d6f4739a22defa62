-- What was written to the customer of a case, the first at the front, and whether it has left.
SELECT r.*, o.sent_at, CASE WHEN o.failed_at IS NOT NULL THEN o.last_error END AS failed
FROM replies r JOIN outbox o USING (key) WHERE r.case_id = $id ORDER BY r."at", r.key
