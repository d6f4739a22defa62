-- Who has had a case and since when, what was given to put it right, who cannot be reached, what stands as an alarm, and what
-- people taught about topics. DuckDB does not commit several columns with defaults that are added to rows at once, so what older rows
-- have in them is written after.
ALTER TABLE cases ADD COLUMN owner_since TIMESTAMPTZ;
ALTER TABLE cases ADD COLUMN owners VARCHAR[];
ALTER TABLE cases ADD COLUMN passed_by VARCHAR[];
ALTER TABLE cases ADD COLUMN stands_in_for VARCHAR;
ALTER TABLE cases ADD COLUMN resolve_by TIMESTAMPTZ;
ALTER TABLE cases ADD COLUMN reopened_at TIMESTAMPTZ;
ALTER TABLE cases ADD COLUMN warned_for TIMESTAMPTZ;
ALTER TABLE cases ADD COLUMN late_for TIMESTAMPTZ;
ALTER TABLE cases ADD COLUMN rules VARCHAR;
ALTER TABLE cases ADD COLUMN tags VARCHAR[];
ALTER TABLE cases ADD COLUMN remedy VARCHAR;
ALTER TABLE cases ADD COLUMN remedy_amount DECIMAL(12, 2);
ALTER TABLE cases ADD COLUMN remedy_currency VARCHAR;
ALTER TABLE outbox ADD COLUMN way VARCHAR;
ALTER TABLE outbox ADD COLUMN gathered_in VARCHAR;
UPDATE cases SET owners = [owner], owner_since = opened_at, passed_by = [], tags = [];
UPDATE outbox SET way = 'mail';
CREATE TABLE unreachable (person VARCHAR NOT NULL, email VARCHAR NOT NULL, why VARCHAR NOT NULL, since TIMESTAMPTZ NOT NULL);
CREATE TABLE alarms (key VARCHAR NOT NULL, text VARCHAR NOT NULL, since TIMESTAMPTZ NOT NULL, over_at TIMESTAMPTZ);
CREATE SEQUENCE example_ids;
CREATE TABLE topic_examples (
    id BIGINT NOT NULL DEFAULT nextval('example_ids'), topic VARCHAR NOT NULL, item_id VARCHAR NOT NULL,
    "by" VARCHAR NOT NULL, "at" TIMESTAMPTZ NOT NULL, removed_by VARCHAR, removed_at TIMESTAMPTZ
);
