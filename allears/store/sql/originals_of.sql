-- The originals of some messages. `wanted`: item_id.
SELECT external_id, body FROM originals JOIN wanted USING (item_id)
