-- What happened to a case, in order.
SELECT case_id, "at", actor, type, detail FROM events WHERE case_id = $id ORDER BY "at", id
