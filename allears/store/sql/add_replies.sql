-- What was written to customers. `written`: key, case_id, item_id, by, contact, text, at.
INSERT INTO replies BY NAME SELECT * FROM written ANTI JOIN replies USING (key)
