-- What the customer wrote in a case.
SELECT item_id FROM items WHERE case_id = $id AND ours IS NOT TRUE
