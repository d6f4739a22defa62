-- Every case.
SELECT id, status, owner, customer_id, kind, topic, urgency, urgency_reasons, item_ids, hops, opened_at, alerted_at, acknowledged_at,
    first_response_at, promised_for, resolved_at, closed_at, next_date, incident_id, why_owner, owners, resolve_by, tags, remedy,
    remedy_amount, remedy_currency
FROM cases ORDER BY id
