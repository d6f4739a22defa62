-- Several cases. `wanted`: id.
SELECT cases.* FROM cases SEMI JOIN wanted USING (id)
