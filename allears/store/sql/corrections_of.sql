-- What people said of some items, in order. `wanted`: item_id.
SELECT c.* EXCLUDE (id) FROM corrections c JOIN wanted USING (item_id) ORDER BY c.id
