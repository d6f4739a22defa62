-- An address takes mails again.
DELETE FROM unreachable WHERE email = $email
