-- Since when the owners of these cases know; cases that have another owner meanwhile are left. `told`: case_id, recipient.
UPDATE cases SET alerted_at = coalesce(alerted_at, $at), version = version + 1
FROM told WHERE cases.id = told.case_id AND cases.owner = told.recipient RETURNING cases.id, cases.owner
