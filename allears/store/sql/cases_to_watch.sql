-- Open cases that the watch must look at, the one due first at the front: of some piles all, of others those that were alerted and not
-- acknowledged, and of any those with a date that passed, or is near, without its being said.
WITH places AS MATERIALIZED (
    SELECT rowid AS place FROM cases WHERE status NOT IN ('resolved', 'closed') AND (
        hash(owner, stands_in_for, urgency, tags, rules) IN (SELECT unnest($whole::UBIGINT[]))
        OR alerted_at IS NOT NULL AND acknowledged_at IS NULL
            AND hash(owner, stands_in_for, urgency, tags, rules) IN (SELECT unnest($untaken::UBIGINT[]))
        OR next_date < $now AND (late_for IS NULL OR next_date > late_for)
        OR resolve_by < $now AND (late_for IS NULL OR resolve_by > late_for)
        OR next_date BETWEEN $now AND $soon AND (warned_for IS NULL OR next_date > warned_for)
        OR resolve_by BETWEEN $now AND $soon AND (warned_for IS NULL OR resolve_by > warned_for)
    )
)
SELECT * FROM cases WHERE rowid IN (SELECT place FROM places) ORDER BY next_date, id
