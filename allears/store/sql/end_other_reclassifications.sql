-- What another change of the model interrupted is over.
UPDATE reclassifications SET finished = true WHERE NOT finished AND to_version <> $model_version
