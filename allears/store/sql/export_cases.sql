-- Every case.
SELECT id, status, owner, customer_id, kind, topic, urgency, urgency_reasons, item_ids, hops, opened_at, alerted_at, acknowledged_at,
    first_response_at, promised_for, resolved_at, closed_at, next_date, incident_id, why_owner
FROM cases ORDER BY id
