-- Messages of a case.
SELECT item_id FROM items WHERE case_id = $id
