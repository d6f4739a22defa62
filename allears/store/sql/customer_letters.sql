-- What was written to the customers of these cases, the first at the front, and whether it has left. `wanted`: id.
SELECT r.*, o.sent_at, CASE WHEN o.failed_at IS NOT NULL THEN o.last_error END AS failed
FROM replies r JOIN outbox o USING (key) WHERE r.case_id IN (SELECT id FROM wanted) ORDER BY r."at", r.key
