-- Originals of fresh messages; that of one read again after it was in quarantine is there. `fresh`: item_id;
-- `page_originals`: item_id, source, external_id, media_type, body, packed.
INSERT INTO originals BY NAME
SELECT DISTINCT ON (item_id) p.item_id, p.source, p.external_id, p.media_type, p.body, p.packed, $at AS ingested_at, md5_number_lower(p.item_id) AS key
FROM page_originals p SEMI JOIN fresh USING (item_id) ANTI JOIN quarantine USING (item_id)
