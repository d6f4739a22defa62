-- Rules that are new, other than they were, or gone. `standing`: part, name, fingerprint. Gone is only what is of a part that stands.
WITH known AS (SELECT part, name, last(fingerprint ORDER BY "at") AS fingerprint FROM rule_changes GROUP BY ALL)
INSERT INTO rule_changes BY NAME
SELECT $at AS "at", coalesce(s.part, k.part) AS part, coalesce(s.name, k.name) AS name, s.fingerprint
FROM standing s FULL JOIN known k ON k.part = s.part AND k.name = s.name
WHERE s.fingerprint IS DISTINCT FROM k.fingerprint AND (s.part IS NOT NULL OR k.part IN (SELECT part FROM standing))
