-- Every case still open, the one due first at the front.
SELECT * FROM cases WHERE status NOT IN ('resolved', 'closed') ORDER BY next_date, id
