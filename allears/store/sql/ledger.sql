-- What came in by source and day, counted from the originals, and where it went, counted from items and quarantine.
-- What a correction sent back to be routed waits since then.
WITH came AS (
    SELECT source, timezone($timezone, ingested_at)::DATE AS day, count(*) AS received FROM originals GROUP BY ALL
),
returned AS (SELECT item_id, max("at") AS "at" FROM corrections GROUP BY item_id),
went AS (
    SELECT i.source, timezone($timezone, i.ingested_at)::DATE AS day,
        count(*) FILTER (status = 'case') AS "case", count(*) FILTER (status = 'praise') AS praise,
        count(*) FILTER (status = 'other') AS other, count(*) FILTER (status = 'automated') AS automated,
        count(*) FILTER (status = 'duplicate') AS duplicate, count(*) FILTER (status = 'spam') AS spam,
        count(*) FILTER (status IN ('new', 'understood')) AS waiting,
        count(*) FILTER (status IN ('new', 'understood') AND greatest(i.ingested_at, r."at") < $now::TIMESTAMPTZ - INTERVAL 1 HOUR) AS stuck
    FROM items i LEFT JOIN returned r USING (item_id) GROUP BY ALL
),
held AS (
    SELECT q.source, timezone($timezone, o.ingested_at)::DATE AS day, count(*) AS quarantined
    FROM quarantine q JOIN originals o USING (item_id) WHERE q.read_at IS NULL GROUP BY ALL
)
SELECT source, day, coalesce(received, 0) AS received, coalesce("case", 0) AS "case", coalesce(praise, 0) AS praise,
    coalesce(other, 0) AS other, coalesce(automated, 0) AS automated, coalesce(duplicate, 0) AS duplicate, coalesce(spam, 0) AS spam,
    coalesce(quarantined, 0) AS quarantined, coalesce(waiting, 0) AS waiting, coalesce(stuck, 0) AS stuck
FROM came FULL JOIN went USING (source, day) FULL JOIN held USING (source, day)
WHERE $since::DATE IS NULL OR day >= $since::DATE
ORDER BY day, source
