-- The place in the ledger of every item of a batch.
UPDATE items SET status = r.status, ours = r.ours, why = r.why, case_id = r.case_id, duplicate_of = r.duplicate_of
FROM routed r WHERE items.item_id = r.item_id AND items.status = 'understood'
