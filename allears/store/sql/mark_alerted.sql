-- Since when the owner of a case knows.
UPDATE cases SET alerted_at = coalesce(alerted_at, $at), version = version + 1 WHERE id = $case_id AND owner = $recipient
