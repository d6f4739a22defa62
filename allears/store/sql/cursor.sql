-- The resume point of a source.
SELECT value FROM cursors WHERE source = $source
