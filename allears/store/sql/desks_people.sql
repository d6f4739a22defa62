-- Open cases of each owner, and what they weigh by urgency; and how long the cases that came to them in the last 28 days waited to be taken.
WITH held AS (
    SELECT owner, count(*) AS open,
        sum(CASE urgency WHEN 'critical' THEN 4.0 WHEN 'high' THEN 2.0 WHEN 'normal' THEN 1.0 ELSE 0.5 END)::DOUBLE AS weight,
        count(*) FILTER (next_date < $now) AS late, count(*) FILTER (status = 'open') AS untaken
    FROM cases WHERE status NOT IN ('resolved', 'closed') GROUP BY owner
),
took AS (
    SELECT owner, count(*) AS cases, median(epoch(acknowledged_at) - epoch(owner_since)) AS median_seconds,
        quantile_cont(epoch(acknowledged_at) - epoch(owner_since), 0.95) AS p95_seconds
    FROM cases WHERE owner_since > $now::TIMESTAMPTZ - INTERVAL 28 DAY AND acknowledged_at >= owner_since GROUP BY owner
)
SELECT owner, coalesce(open, 0) AS open, coalesce(weight, 0) AS weight, coalesce(late, 0) AS late, coalesce(untaken, 0) AS untaken,
    coalesce(cases, 0) AS cases, median_seconds, p95_seconds
FROM held FULL JOIN took USING (owner) ORDER BY owner
