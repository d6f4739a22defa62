-- Open cases of each owner: late ones first.
SELECT owner, count(*) AS open, count(*) FILTER (next_date < $now) AS late, count(*) FILTER (status = 'open') AS unacknowledged,
    min(opened_at) AS oldest_opened_at
FROM cases WHERE status NOT IN ('resolved', 'closed') GROUP BY owner ORDER BY late DESC, open DESC, owner
