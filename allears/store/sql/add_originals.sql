-- Keep originals that are not known yet. `page_originals`: item_id, source, external_id, media_type, body, packed.
INSERT INTO originals BY NAME
SELECT DISTINCT ON (item_id) item_id, source, external_id, media_type, body, packed, $at AS ingested_at
FROM page_originals ANTI JOIN originals USING (item_id)
