-- Headline figures of the period from $start to $until. Messages that waited before we listened do not count in time to owner.
WITH opened AS (SELECT * FROM cases WHERE opened_at > $start AND opened_at <= $until),
resolved AS (SELECT * FROM cases WHERE resolved_at > $start AND resolved_at <= $until),
first_alert AS (SELECT case_id, min("at") AS "at" FROM events WHERE type = 'alerted' GROUP BY case_id),
timed AS (
    SELECT epoch(a."at") - epoch(i.received_at) AS seconds
    FROM opened c JOIN first_alert a ON a.case_id = c.id JOIN items i ON i.item_id = c.item_ids[1]
    LEFT JOIN source_health h ON h.source = i.source
    WHERE i.channel = 'form' OR i.received_at >= h.first_run_at
),
taken AS (SELECT epoch(acknowledged_at) - epoch(opened_at) AS seconds FROM opened WHERE acknowledged_at IS NOT NULL)
SELECT
    (SELECT count(*) FROM opened) AS opened, (SELECT count(*) FROM resolved) AS resolved,
    (SELECT count(*) FROM resolved WHERE hops = 0) AS solved_alone, (SELECT coalesce(sum(hops), 0)::BIGINT FROM opened) AS hops,
    (SELECT count(*) FROM cases WHERE opened_at <= $until AND coalesce(resolved_at, 'infinity') > $until AND next_date < $until) AS late,
    (SELECT count(*) FROM timed) AS alerts, (SELECT median(seconds) FROM timed) AS alert_median,
    (SELECT quantile_cont(seconds, 0.95) FROM timed) AS alert_p95,
    (SELECT count(*) FROM taken) AS acknowledged, (SELECT median(seconds) FROM taken) AS acknowledged_median,
    (SELECT quantile_cont(seconds, 0.95) FROM taken) AS acknowledged_p95
