-- Every source at a glance; the newest item of the last week counts even where no run tells of it.
SELECT h.source, h.last_run_at, h.last_ok_at, h.error, h.notices, greatest(h.last_item_at, i.newest) AS last_item_at
FROM source_health h LEFT JOIN (SELECT source, max(ingested_at) AS newest FROM items WHERE ingested_at > $now::TIMESTAMPTZ - INTERVAL 7 DAY GROUP BY source) i USING (source)
ORDER BY h.source
