-- Open cases of each owner, by how long they have been open: late ones first.
SELECT owner, count(*) AS open, count(*) FILTER (next_date < $now) AS late, count(*) FILTER (status = 'open') AS unacknowledged,
    min(opened_at) AS oldest_opened_at,
    [count(*) FILTER (opened_at > $now::TIMESTAMPTZ - INTERVAL 1 DAY),
        count(*) FILTER (opened_at > $now::TIMESTAMPTZ - INTERVAL 3 DAY AND opened_at <= $now::TIMESTAMPTZ - INTERVAL 1 DAY),
        count(*) FILTER (opened_at > $now::TIMESTAMPTZ - INTERVAL 7 DAY AND opened_at <= $now::TIMESTAMPTZ - INTERVAL 3 DAY),
        count(*) FILTER (opened_at <= $now::TIMESTAMPTZ - INTERVAL 7 DAY)] AS ages
FROM cases WHERE status NOT IN ('resolved', 'closed') GROUP BY owner ORDER BY late DESC, open DESC, owner
