-- The health of one source as it was.
SELECT first_run_at, last_ok_at, last_item_at FROM source_health WHERE source = $source
