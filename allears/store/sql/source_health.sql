-- Every source at a glance; the newest item counts even where forms bring it without a run.
SELECT h.source, h.last_run_at, h.last_ok_at, h.error, h.notices, greatest(h.last_item_at, i.newest) AS last_item_at
FROM source_health h LEFT JOIN (SELECT source, max(ingested_at) AS newest FROM items GROUP BY source) i USING (source)
ORDER BY h.source
