-- Alarms that are over. `standing`: key, text.
UPDATE alarms SET over_at = $at WHERE over_at IS NULL AND key NOT IN (SELECT key FROM standing)
