-- Rules that changed between $since and $until; what was first known of a part is no change.
SELECT "at", part, name, "before", fingerprint AS "after"
FROM (
    SELECT *, lag(fingerprint) OVER (PARTITION BY part, name ORDER BY "at") AS "before", min("at") OVER (PARTITION BY part) AS known_since
    FROM rule_changes
)
WHERE "at" > known_since AND "at" > $since AND "at" <= $until ORDER BY "at", part, name
