-- When the owners of these cases were first alerted, beside the message that opened each. `alerted`: id.
WITH opening AS (SELECT md5_number_lower(item_ids[1]) AS key FROM cases WHERE id IN (SELECT id FROM alerted))
UPDATE items SET known_at = $at WHERE known_at IS NULL AND key IN (FROM opening)
