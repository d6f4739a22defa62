-- Messages that could not be read and are not known yet. `fresh`: item_id.
INSERT INTO quarantine
SELECT DISTINCT ON (item_id) item_id, source, external_id, $at, error, NULL FROM page_rejected SEMI JOIN fresh USING (item_id)
