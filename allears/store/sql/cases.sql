-- Several cases. `wanted`: id.
SELECT * FROM cases WHERE number IN (SELECT try_cast(substr(id, 3) AS INTEGER) FROM wanted) AND id IN (SELECT id FROM wanted)
