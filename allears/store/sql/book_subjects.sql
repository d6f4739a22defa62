-- Under which subjects customers wrote in these cases. `book`: id.
SELECT DISTINCT i.case_id, i.title FROM items i JOIN book ON i.case_id = book.id WHERE i.title IS NOT NULL AND i.ours IS NOT TRUE
