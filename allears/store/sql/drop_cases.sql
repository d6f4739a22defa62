-- Old states of changed cases, to write the new ones.
DELETE FROM cases WHERE id IN (SELECT id FROM changed)
