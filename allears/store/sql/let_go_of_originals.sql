-- Bodies that are kept no longer; those in quarantine are, until they are read.
UPDATE originals SET body = NULL, packed = NULL
WHERE ingested_at < $before AND body IS NOT NULL
    AND item_id NOT IN (SELECT item_id FROM quarantine WHERE read_at IS NULL)
RETURNING item_id
