-- What our people write: to customers, and to us by answering our mails. Of older items it is not known whether they are ours.
-- Originals are kept packed, and their bodies for a time only: the row stays, since the ledger counts by it.
ALTER TABLE items ADD COLUMN ours BOOLEAN;
ALTER TABLE cases ADD COLUMN continues VARCHAR;
ALTER TABLE originals ALTER COLUMN body DROP NOT NULL;
ALTER TABLE originals ADD COLUMN packed VARCHAR;
CREATE TABLE replies (
    key VARCHAR NOT NULL, case_id VARCHAR NOT NULL, item_id VARCHAR NOT NULL, "by" VARCHAR NOT NULL, contact VARCHAR NOT NULL,
    text VARCHAR NOT NULL, "at" TIMESTAMPTZ NOT NULL
);
