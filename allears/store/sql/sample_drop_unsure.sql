-- What somebody said of a message that was offered to them makes way for what is said of it now that the lot drew it.
DELETE FROM sampled WHERE item_id = $item_id AND week IS NULL
