-- Who has these cases. `wanted`: id.
SELECT id, owner FROM cases WHERE id IN (SELECT id FROM wanted)
