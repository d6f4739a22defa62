-- Keys for what is written with each message, so that taking one in costs the same however many there are (docs/adr/0007-reading.md).
ALTER TABLE originals ADD COLUMN key UBIGINT;
ALTER TABLE contacts ADD COLUMN key UBIGINT;
ALTER TABLE items ADD COLUMN external_key UBIGINT;
ALTER TABLE cases ADD COLUMN number INTEGER;
UPDATE originals SET key = md5_number_lower(item_id);
UPDATE contacts SET key = md5_number_lower(contact);
UPDATE items SET external_key = md5_number_lower(external_id);
UPDATE cases SET number = substr(id, 3)::INTEGER;
