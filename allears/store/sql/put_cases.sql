-- New states of changed cases.
INSERT INTO cases BY NAME SELECT * EXCLUDE (expected), substr(id, 3)::INTEGER AS number FROM changed
