-- The number of the next case.
SELECT coalesce(max(number), 1000) + 1 AS number FROM cases
