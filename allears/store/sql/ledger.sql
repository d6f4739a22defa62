-- What came in by source and day since the beginning of a day, counted from the originals, and where it went, counted from items and
-- quarantine; quarters of an hour first, since days begin at one in every time zone. What a correction sent back to be routed waits since then.
WITH came AS (
    SELECT source, timezone($timezone, make_timestamptz(quarter * 900000000))::DATE AS day, sum(received)::BIGINT AS received FROM (
        SELECT source, epoch_us(ingested_at) // 900000000 AS quarter, count(*) AS received
        FROM originals WHERE ingested_at >= coalesce(timezone($timezone, $since::DATE::TIMESTAMP), '-infinity'::TIMESTAMPTZ) GROUP BY ALL
    ) GROUP BY ALL
),
went AS (
    SELECT source, timezone($timezone, make_timestamptz(quarter * 900000000))::DATE AS day, coalesce(sum(messages) FILTER (status = 'case'), 0)::BIGINT AS "case",
        coalesce(sum(messages) FILTER (status = 'praise'), 0)::BIGINT AS praise,
        coalesce(sum(messages) FILTER (status = 'other'), 0)::BIGINT AS other,
        coalesce(sum(messages) FILTER (status = 'automated'), 0)::BIGINT AS automated,
        coalesce(sum(messages) FILTER (status = 'duplicate'), 0)::BIGINT AS duplicate,
        coalesce(sum(messages) FILTER (status = 'spam'), 0)::BIGINT AS spam,
        coalesce(sum(messages) FILTER (status IN ('new', 'understood')), 0)::BIGINT AS waiting
    FROM (
        SELECT source, status, epoch_us(ingested_at) // 900000000 AS quarter, count(*) AS messages
        FROM items WHERE ingested_at >= coalesce(timezone($timezone, $since::DATE::TIMESTAMP), '-infinity'::TIMESTAMPTZ) GROUP BY ALL
    ) GROUP BY ALL
),
returned AS (SELECT item_id, max("at") AS "at" FROM corrections GROUP BY item_id),
waits AS (
    SELECT source, timezone($timezone, ingested_at)::DATE AS day, count(*) AS stuck
    FROM (SELECT * FROM items WHERE status IN ('new', 'understood') AND ingested_at >= coalesce(timezone($timezone, $since::DATE::TIMESTAMP), '-infinity'::TIMESTAMPTZ)) i LEFT JOIN returned r USING (item_id)
    WHERE greatest(i.ingested_at, r."at") < $now::TIMESTAMPTZ - INTERVAL 1 HOUR GROUP BY ALL
),
held AS (
    SELECT q.source, timezone($timezone, o.ingested_at)::DATE AS day, count(*) AS quarantined
    FROM quarantine q JOIN originals o USING (item_id)
    WHERE q.read_at IS NULL AND o.ingested_at >= coalesce(timezone($timezone, $since::DATE::TIMESTAMP), '-infinity'::TIMESTAMPTZ) GROUP BY ALL
)
SELECT source, day, coalesce(received, 0) AS received, coalesce("case", 0) AS "case", coalesce(praise, 0) AS praise,
    coalesce(other, 0) AS other, coalesce(automated, 0) AS automated, coalesce(duplicate, 0) AS duplicate, coalesce(spam, 0) AS spam,
    coalesce(quarantined, 0) AS quarantined, coalesce(waiting, 0) AS waiting, coalesce(stuck, 0) AS stuck
FROM came FULL JOIN went USING (source, day) FULL JOIN held USING (source, day) LEFT JOIN waits USING (source, day)
ORDER BY day, source
