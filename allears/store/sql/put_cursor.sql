-- Move a source's resume point: the old row was deleted in the same transaction.
INSERT INTO cursors VALUES ($source, $value, $at)
