-- Cases of a change that do not stand as the change expects: gone, at another version, or (new) already there. `changed`: id, version.
SELECT n.id FROM changed n LEFT JOIN cases c USING (id) WHERE coalesce(c.version, 0) <> n.expected
