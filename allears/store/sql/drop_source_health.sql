-- The former health of a source, to write the new one.
DELETE FROM source_health WHERE source = $source
