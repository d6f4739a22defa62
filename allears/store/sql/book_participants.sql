-- Who has written in these cases. `book`: id.
SELECT DISTINCT i.case_id, i.contact FROM items i JOIN book ON i.case_id = book.id WHERE i.contact IS NOT NULL AND i.ours IS NOT TRUE
