-- One batch more of the reclassification to this version.
UPDATE reclassifications SET last_at = $at, finished = $finished, items = items + $items, changed = changed + $changed,
    from_versions = list_sort(list_distinct(from_versions || $from_versions::VARCHAR[]))
WHERE to_version = $model_version AND NOT finished
