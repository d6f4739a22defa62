-- Models that read old messages again between $since and $until.
SELECT * FROM reclassifications WHERE last_at > $since AND last_at <= $until ORDER BY last_at
