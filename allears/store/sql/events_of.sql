-- What happened to a case, in the order in which it was written: whoever acts at the same moment may look at the clock in another.
SELECT case_id, "at", actor, type, detail FROM events WHERE case_id = $id AND "at" >= $since ORDER BY id
