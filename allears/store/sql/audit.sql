-- The audit log, newest first, from the place `skip` on.
SELECT "at", actor, action, subject FROM audit ORDER BY "at" DESC, rowid DESC LIMIT $limit OFFSET $skip
