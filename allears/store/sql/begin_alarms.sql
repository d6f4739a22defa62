-- Alarms that are new. `standing`: key, text.
INSERT INTO alarms BY NAME SELECT key, text, $at AS since FROM standing WHERE key NOT IN (SELECT key FROM alarms WHERE over_at IS NULL)
