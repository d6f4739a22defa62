-- An address bounces; the first word of it stands.
INSERT INTO unreachable SELECT $person, $email, $why, $since WHERE NOT EXISTS (FROM unreachable WHERE email = $email)
