-- The originals of some messages. `wanted`: item_id.
WITH places AS MATERIALIZED (SELECT rowid AS place FROM originals WHERE key IN (SELECT md5_number_lower(item_id) FROM wanted))
SELECT external_id, body, packed FROM originals WHERE rowid IN (FROM places) AND item_id IN (SELECT item_id FROM wanted)
