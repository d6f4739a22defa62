-- A reclassification to this version that has not come to its end.
SELECT began_at FROM reclassifications WHERE to_version = $model_version AND NOT finished
