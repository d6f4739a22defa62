-- Every item with what became of it.
SELECT i.item_id AS id, i.source, i.channel, i.external_id, i.thread_id, i.received_at, i.ingested_at, i.author, i.customer_id, i.title, i.text,
    coalesce(i.language, u.language) AS language, i.rating, i.reach, i.url, u.kind, u.sentiment, u.score, u.confidence, u.urgency,
    coalesce(list_transform(u.topics, lambda t: t.topic), []) AS topics, i.automated, i.spam, i.duplicate_of, i.case_id, c.incident_id,
    coalesce(u.praised, []) AS praised, u.model_version, i.status,
    u.model_sentiment, u.model_kind, u.corrected_by, u.corrected_at, u.corrected_why
FROM items i LEFT JOIN readings u USING (item_id) LEFT JOIN cases c ON c.id = i.case_id
