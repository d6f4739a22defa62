-- The store as it began. No primary keys, unique constraints or indexes: see docs/adr/0001-store.md.
CREATE TABLE originals (
    item_id VARCHAR NOT NULL, source VARCHAR NOT NULL, external_id VARCHAR NOT NULL,
    media_type VARCHAR NOT NULL, body BLOB NOT NULL, ingested_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE items (
    item_id VARCHAR NOT NULL, source VARCHAR NOT NULL, channel VARCHAR NOT NULL, external_id VARCHAR NOT NULL,
    thread_id VARCHAR, "references" VARCHAR[] NOT NULL, received_at TIMESTAMPTZ NOT NULL, ingested_at TIMESTAMPTZ NOT NULL,
    author VARCHAR, contact VARCHAR, customer_id VARCHAR, title VARCHAR, text VARCHAR NOT NULL, quoted VARCHAR,
    language VARCHAR, rating DOUBLE, reach BIGINT, url VARCHAR, automated VARCHAR, spam BOOLEAN NOT NULL,
    source_person VARCHAR, extra VARCHAR NOT NULL, fingerprint VARCHAR,
    status VARCHAR NOT NULL, why VARCHAR, case_id VARCHAR, duplicate_of VARCHAR
);
CREATE TABLE understandings (
    item_id VARCHAR NOT NULL, "at" TIMESTAMPTZ NOT NULL, model_version VARCHAR NOT NULL,
    sentiment VARCHAR NOT NULL, score DOUBLE NOT NULL, confidence DOUBLE NOT NULL,
    p_negative DOUBLE NOT NULL, p_neutral DOUBLE NOT NULL, p_positive DOUBLE NOT NULL,
    kind VARCHAR NOT NULL, language VARCHAR NOT NULL, urgency VARCHAR NOT NULL, urgency_reasons VARCHAR[] NOT NULL,
    topics STRUCT(topic VARCHAR, score DOUBLE, evidence VARCHAR)[] NOT NULL, praised VARCHAR[] NOT NULL
);
CREATE TABLE contacts (
    contact VARCHAR NOT NULL, customer_id VARCHAR NOT NULL, name VARCHAR, first_seen_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE cases (
    id VARCHAR NOT NULL, status VARCHAR NOT NULL, owner VARCHAR NOT NULL, why_owner VARCHAR NOT NULL, customer_id VARCHAR,
    kind VARCHAR NOT NULL, topic VARCHAR, urgency VARCHAR NOT NULL, urgency_reasons VARCHAR[] NOT NULL,
    item_ids VARCHAR[] NOT NULL, opened_at TIMESTAMPTZ NOT NULL, next_date TIMESTAMPTZ NOT NULL, hops INTEGER NOT NULL,
    alerted_at TIMESTAMPTZ, acknowledged_at TIMESTAMPTZ, first_response_at TIMESTAMPTZ, promised_for TIMESTAMPTZ,
    resolved_at TIMESTAMPTZ, closed_at TIMESTAMPTZ, incident_id VARCHAR, version INTEGER NOT NULL
);
CREATE SEQUENCE event_ids;
CREATE TABLE events (
    id BIGINT NOT NULL DEFAULT nextval('event_ids'), case_id VARCHAR NOT NULL, "at" TIMESTAMPTZ NOT NULL,
    actor VARCHAR NOT NULL, type VARCHAR NOT NULL, detail VARCHAR NOT NULL
);
CREATE TABLE outbox (
    key VARCHAR NOT NULL, kind VARCHAR NOT NULL, recipient VARCHAR NOT NULL, item_id VARCHAR NOT NULL, case_id VARCHAR,
    created_at TIMESTAMPTZ NOT NULL, due_at TIMESTAMPTZ NOT NULL, attempts INTEGER NOT NULL,
    last_error VARCHAR, sent_at TIMESTAMPTZ, failed_at TIMESTAMPTZ
);
CREATE TABLE cursors (source VARCHAR NOT NULL, value VARCHAR NOT NULL, updated_at TIMESTAMPTZ NOT NULL);
CREATE TABLE quarantine (
    item_id VARCHAR NOT NULL, source VARCHAR NOT NULL, external_id VARCHAR NOT NULL,
    "at" TIMESTAMPTZ NOT NULL, error VARCHAR NOT NULL, read_at TIMESTAMPTZ
);
CREATE TABLE source_health (
    source VARCHAR NOT NULL, first_run_at TIMESTAMPTZ NOT NULL, last_run_at TIMESTAMPTZ NOT NULL, last_ok_at TIMESTAMPTZ,
    last_item_at TIMESTAMPTZ, seconds DOUBLE NOT NULL, error VARCHAR, notices VARCHAR[] NOT NULL
);
