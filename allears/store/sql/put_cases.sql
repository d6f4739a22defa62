-- New states of changed cases.
INSERT INTO cases BY NAME SELECT * EXCLUDE (expected) FROM changed
