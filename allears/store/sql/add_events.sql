-- What happened, in order. `happened`: case_id, at, actor, type, detail.
INSERT INTO events BY NAME SELECT * FROM happened
