-- The health of a source after a run.
INSERT INTO source_health VALUES ($source, $first_run_at, $last_run_at, $last_ok_at, $last_item_at, $seconds, $error, $notices)
