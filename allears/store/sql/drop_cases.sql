-- Old states of changed cases, to write the new ones.
DELETE FROM cases WHERE number IN (SELECT substr(id, 3)::INTEGER FROM changed)
