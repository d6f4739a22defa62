-- The versions that new ones took the place of: kept, and read no more.
UPDATE understandings SET superseded_at = $at
WHERE superseded_at IS NULL AND model_version <> $model_version AND item_id IN (SELECT item_id FROM understood)
