-- A reclassification begins.
INSERT INTO reclassifications VALUES ($at, $at, false, [], $model_version, 0, 0)
