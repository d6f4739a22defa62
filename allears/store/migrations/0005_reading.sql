-- What pages ask for, beside each message: how it is read now, and keys that are found without reading ids, since there are no indexes
-- (docs/adr/0007-reading.md). A key is half of an id's hash: two messages may share one, so ids are compared as well.
ALTER TABLE items ADD COLUMN key UBIGINT;
ALTER TABLE items ADD COLUMN customer_key UBIGINT;
ALTER TABLE items ADD COLUMN sentiment VARCHAR;
ALTER TABLE items ADD COLUMN kind VARCHAR;
ALTER TABLE items ADD COLUMN topic VARCHAR;
ALTER TABLE items ADD COLUMN urgency VARCHAR;
ALTER TABLE items ADD COLUMN detected VARCHAR;
ALTER TABLE items ADD COLUMN confidence FLOAT;
ALTER TABLE items ADD COLUMN corrected BOOLEAN;
ALTER TABLE items ADD COLUMN praised VARCHAR[];
-- When the owner of the case that a message opened was first alerted.
ALTER TABLE items ADD COLUMN known_at TIMESTAMPTZ;
ALTER TABLE understandings ADD COLUMN key UBIGINT;
UPDATE understandings SET key = md5_number_lower(item_id);
UPDATE items SET key = md5_number_lower(item_id), customer_key = md5_number_lower(customer_id);
UPDATE items SET sentiment = u.sentiment, kind = u.kind, topic = u.topics[1].topic, urgency = u.urgency, detected = u.language,
    confidence = u.confidence, corrected = u.corrected_by IS NOT NULL, praised = u.praised
FROM readings u WHERE u.item_id = items.item_id;
UPDATE items SET known_at = a."at" FROM (
    SELECT c.item_ids[1] AS item_id, min(e."at") AS "at" FROM cases c JOIN events e ON e.case_id = c.id WHERE e.type = 'alerted' GROUP BY c.item_ids[1]
) a WHERE a.item_id = items.item_id;
DROP VIEW readings;
CREATE VIEW readings AS
SELECT u.item_id, u.key, u.rowid AS place, u."at", u.model_version, coalesce(c.sentiment, u.sentiment) AS sentiment, u.score, u.confidence,
    u.p_negative, u.p_neutral, u.p_positive, coalesce(c.kind, u.kind) AS kind, u.language, u.urgency, u.urgency_reasons,
    u.topics, u.praised, u.unshifted, u.evidence, coalesce(u.unshifted, u.sentiment) AS model_sentiment, u.kind AS model_kind,
    c.sentiment AS corrected_sentiment, c.corrected_by, c.corrected_at, c.corrected_why
FROM understandings u LEFT JOIN (
    SELECT item_id, arg_max(sentiment, id) AS sentiment, arg_max(kind, id) AS kind,
        arg_max("by", id) AS corrected_by, arg_max("at", id) AS corrected_at, arg_max(why, id) AS corrected_why
    FROM corrections GROUP BY item_id
) c ON c.item_id = u.item_id
WHERE u.superseded_at IS NULL;
ALTER TABLE cases ADD COLUMN merged_into VARCHAR;
-- Who looked at what is masked, and who changed what decides.
CREATE TABLE audit ("at" TIMESTAMPTZ NOT NULL, actor VARCHAR NOT NULL, action VARCHAR NOT NULL, subject VARCHAR NOT NULL);
-- What decides how messages are read and where they go, each time it changed: the model, the topics, the routes, the people, the targets.
-- Each by its name; no fingerprint: it is gone.
CREATE TABLE rule_changes ("at" TIMESTAMPTZ NOT NULL, part VARCHAR NOT NULL, name VARCHAR NOT NULL, fingerprint VARCHAR);
-- What people said of messages drawn by lot from a week, whatever the model had said; without a week: offered since it was unsure.
CREATE TABLE sampled (
    item_id VARCHAR NOT NULL, week DATE, "at" TIMESTAMPTZ NOT NULL, "by" VARCHAR NOT NULL,
    sentiment VARCHAR NOT NULL, kind VARCHAR NOT NULL, said_sentiment VARCHAR NOT NULL, said_kind VARCHAR NOT NULL
);
-- Where a message lies by its meaning: the signs of its embedding, 384 bits in six words. Near in meaning is few bits apart.
-- Bits are counted in signed words: of unsigned ones DuckDB counts them half as fast.
CREATE TABLE meanings (
    key UBIGINT NOT NULL, received_at TIMESTAMPTZ NOT NULL,
    m1 BIGINT NOT NULL, m2 BIGINT NOT NULL, m3 BIGINT NOT NULL, m4 BIGINT NOT NULL, m5 BIGINT NOT NULL, m6 BIGINT NOT NULL
);
