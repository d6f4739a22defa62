-- Everything that happened to cases.
SELECT id, case_id, "at", actor, type, detail FROM events ORDER BY id
