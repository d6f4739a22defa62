-- An example that counts no more; without an id whatever the item is an example of.
UPDATE topic_examples SET removed_by = $by, removed_at = $at WHERE (id = $id OR item_id = $item_id) AND removed_at IS NULL RETURNING id
