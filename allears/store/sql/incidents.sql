-- Incidents that open cases name.
SELECT incident_id, count(*) AS cases FROM cases WHERE incident_id IS NOT NULL AND status NOT IN ('resolved', 'closed')
GROUP BY ALL ORDER BY cases DESC, incident_id
