-- How the open cases stand.
SELECT count(*) AS open, count(*) FILTER (next_date < $now::TIMESTAMPTZ) AS late,
    count(*) FILTER (next_date BETWEEN $now::TIMESTAMPTZ AND $tomorrow::TIMESTAMPTZ - INTERVAL 1 MICROSECOND) AS today,
    count(*) FILTER (status = 'open') AS unacknowledged
FROM cases WHERE status NOT IN ('resolved', 'closed')
