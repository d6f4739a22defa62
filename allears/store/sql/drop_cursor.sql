-- Forget a source's resume point, to write the new one.
DELETE FROM cursors WHERE source = $source
