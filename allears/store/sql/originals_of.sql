-- The originals of some messages. `wanted`: item_id.
SELECT external_id, body, packed FROM originals JOIN wanted USING (item_id)
