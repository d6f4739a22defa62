-- Messages that could not be read and are known neither as items nor in quarantine.
INSERT INTO quarantine
SELECT DISTINCT ON (item_id) item_id, source, external_id, $at, error, NULL
FROM page_rejected ANTI JOIN quarantine USING (item_id) ANTI JOIN items USING (item_id)
