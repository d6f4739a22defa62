-- Cases of a change that do not stand as the change expects: gone, at another version, or (new) already there. `changed`: id, version.
WITH standing AS (SELECT id, version FROM cases WHERE number IN (SELECT substr(id, 3)::INTEGER FROM changed))
SELECT n.id FROM changed n LEFT JOIN standing s USING (id) WHERE coalesce(s.version, 0) <> n.expected
