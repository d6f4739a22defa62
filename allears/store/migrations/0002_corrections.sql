-- Every version of what was understood is kept, people's corrections beside it; `readings` is what everyone else reads.
ALTER TABLE understandings ADD COLUMN unshifted VARCHAR;
ALTER TABLE understandings ADD COLUMN superseded_at TIMESTAMPTZ;
ALTER TABLE understandings ADD COLUMN evidence STRUCT("start" INTEGER, "end" INTEGER, share DOUBLE, sentence BOOLEAN)[];
CREATE SEQUENCE correction_ids;
CREATE TABLE corrections (
    id BIGINT NOT NULL DEFAULT nextval('correction_ids'), item_id VARCHAR NOT NULL, "at" TIMESTAMPTZ NOT NULL,
    "by" VARCHAR NOT NULL, why VARCHAR NOT NULL, sentiment VARCHAR, kind VARCHAR,
    model_version VARCHAR NOT NULL, said_sentiment VARCHAR NOT NULL, said_kind VARCHAR NOT NULL
);
CREATE TABLE reclassifications (
    began_at TIMESTAMPTZ NOT NULL, last_at TIMESTAMPTZ NOT NULL, finished BOOLEAN NOT NULL,
    from_versions VARCHAR[] NOT NULL, to_version VARCHAR NOT NULL, items BIGINT NOT NULL, changed BIGINT NOT NULL
);
-- The current version of each item, with the last corrected word in place of the model's. Numbers stay the model's.
CREATE VIEW readings AS
SELECT u.item_id, u."at", u.model_version, coalesce(c.sentiment, u.sentiment) AS sentiment, u.score, u.confidence,
    u.p_negative, u.p_neutral, u.p_positive, coalesce(c.kind, u.kind) AS kind, u.language, u.urgency, u.urgency_reasons,
    u.topics, u.praised, u.unshifted, u.evidence, coalesce(u.unshifted, u.sentiment) AS model_sentiment, u.kind AS model_kind,
    c.sentiment AS corrected_sentiment, c.corrected_by, c.corrected_at, c.corrected_why
FROM understandings u LEFT JOIN (
    SELECT item_id, arg_max(sentiment, id) AS sentiment, arg_max(kind, id) AS kind,
        arg_max("by", id) AS corrected_by, arg_max("at", id) AS corrected_at, arg_max(why, id) AS corrected_why
    FROM corrections GROUP BY item_id
) c ON c.item_id = u.item_id
WHERE u.superseded_at IS NULL;
