-- One case.
SELECT * FROM cases WHERE id = $id
