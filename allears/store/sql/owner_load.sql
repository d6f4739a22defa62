-- Open cases of each owner, and when each was last given one.
SELECT owner, count(*) FILTER (status NOT IN ('resolved', 'closed')) AS open, max(opened_at) AS last_assigned FROM cases GROUP BY owner
