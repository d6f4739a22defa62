-- The number of the next case.
SELECT coalesce(max(substr(id, 3)::INTEGER), 1000) + 1 AS number FROM cases
