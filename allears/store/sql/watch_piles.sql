-- Open cases in piles that differ by their dates only, and when the first alert of each pile left that nobody acknowledged.
SELECT hash(owner, stands_in_for, urgency, tags, rules) AS number, owner, stands_in_for, urgency, tags, rules,
    min(alerted_at) FILTER (acknowledged_at IS NULL) AS untaken_since
FROM cases WHERE status NOT IN ('resolved', 'closed') GROUP BY owner, stands_in_for, urgency, tags, rules ORDER BY owner, number
