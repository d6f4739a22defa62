-- A customer's cases, newest first, and how many in all.
WITH own AS MATERIALIZED (SELECT rowid AS place, opened_at FROM cases WHERE customer_id = $id)
SELECT *, (SELECT count(*) FROM own) AS all_cases FROM cases
WHERE rowid IN (SELECT place FROM own ORDER BY opened_at DESC LIMIT $limit) ORDER BY opened_at DESC, id
