-- Headline figures of two periods, $before to $start and $start to $until. Messages that waited before we listened do
-- not count in time to owner.
WITH periods AS (
    SELECT false AS present, $before::TIMESTAMPTZ AS since, $start::TIMESTAMPTZ AS until
    UNION ALL SELECT true, $start::TIMESTAMPTZ, $until::TIMESTAMPTZ
),
opened AS (
    SELECT opened_at > $start AS present, hops, epoch(acknowledged_at) - epoch(opened_at) AS taken, epoch(first_response_at) - epoch(opened_at) AS replied
    FROM cases WHERE opened_at > $before AND opened_at <= $until
),
begun AS (
    SELECT present, count(*) AS opened, sum(hops)::BIGINT AS hops, count(taken) AS acknowledged, median(taken) AS acknowledged_median,
        quantile_cont(taken, 0.95) AS acknowledged_p95,
        count(replied) AS answered, median(replied) AS answered_median, quantile_cont(replied, 0.95) AS answered_p95
    FROM opened GROUP BY present
),
ended AS (
    SELECT resolved_at > $start AS present, count(*) AS resolved, count(*) FILTER (hops = 0) AS solved_alone
    FROM cases WHERE resolved_at > $before AND resolved_at <= $until GROUP BY ALL
),
timed AS (
    SELECT i.received_at > $start AS present, epoch(i.known_at) - epoch(i.received_at) AS seconds
    FROM items i LEFT JOIN source_health h ON h.source = i.source
    WHERE i.received_at > $before AND i.received_at <= $until AND i.known_at IS NOT NULL AND (i.channel = 'form' OR i.received_at >= h.first_run_at)
),
known AS (
    SELECT present, count(*) AS alerts, median(seconds) AS alert_median, quantile_cont(seconds, 0.95) AS alert_p95 FROM timed GROUP BY present
)
SELECT p.present, coalesce(opened, 0) AS opened, coalesce(resolved, 0) AS resolved, coalesce(solved_alone, 0) AS solved_alone,
    coalesce(hops, 0) AS hops, coalesce(alerts, 0) AS alerts, alert_median, alert_p95, coalesce(acknowledged, 0) AS acknowledged,
    acknowledged_median, acknowledged_p95, coalesce(answered, 0) AS answered, answered_median, answered_p95,
    (SELECT count(*) FROM cases WHERE opened_at <= p.until AND coalesce(resolved_at, closed_at, 'infinity') > p.until AND next_date < p.until) AS late
FROM periods p LEFT JOIN begun USING (present) LEFT JOIN ended USING (present) LEFT JOIN known USING (present) ORDER BY present
