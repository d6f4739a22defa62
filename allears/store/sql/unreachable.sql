-- Addresses that bounce.
SELECT person, email, why, since FROM unreachable ORDER BY since, email
