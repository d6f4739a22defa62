-- Alarms that stand, oldest first.
SELECT key, text, since FROM alarms WHERE over_at IS NULL ORDER BY since, key
