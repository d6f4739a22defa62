-- Open cases of each owner, what they weigh by urgency, and when each was last given one.
SELECT owner, count(*) FILTER (status NOT IN ('resolved', 'closed')) AS open,
    coalesce(sum(CASE urgency WHEN 'critical' THEN 4.0 WHEN 'high' THEN 2.0 WHEN 'normal' THEN 1.0 ELSE 0.5 END)
        FILTER (status NOT IN ('resolved', 'closed')), 0)::DOUBLE AS weight,
    max(coalesce(owner_since, opened_at)) AS last_assigned
FROM cases GROUP BY owner
