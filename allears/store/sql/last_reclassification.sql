-- The last change of the model over old items between $start and $until.
SELECT * FROM reclassifications WHERE last_at > $start AND last_at <= $until ORDER BY last_at DESC LIMIT 1
