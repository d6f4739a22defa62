-- One quarantined message and its original.
SELECT q.item_id, q.source, q.external_id, q."at", q.error, o.media_type, o.body, o.packed
FROM quarantine q JOIN originals o USING (item_id)
WHERE q.item_id = $item_id AND q.read_at IS NULL
