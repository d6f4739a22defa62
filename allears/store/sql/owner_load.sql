-- Open cases of each owner, what they weigh by urgency, and when each was last given one in the last 28 days: who had none for so long
-- has waited as long as anybody.
WITH held AS (
    SELECT owner, count(*) AS open,
        sum(CASE urgency WHEN 'critical' THEN 4.0 WHEN 'high' THEN 2.0 WHEN 'normal' THEN 1.0 ELSE 0.5 END)::DOUBLE AS weight
    FROM cases WHERE status NOT IN ('resolved', 'closed') GROUP BY owner
),
given AS (
    SELECT owner, max(coalesce(owner_since, opened_at)) AS last_assigned FROM cases
    WHERE owner_since > $now::TIMESTAMPTZ - INTERVAL 28 DAY OR owner_since IS NULL AND opened_at > $now::TIMESTAMPTZ - INTERVAL 28 DAY GROUP BY owner
)
SELECT owner, coalesce(open, 0) AS open, coalesce(weight, 0) AS weight, last_assigned FROM held FULL JOIN given USING (owner)
