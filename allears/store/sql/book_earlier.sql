-- Messages that reached a person or needed none, with the same words, or the same id on the same channel, as one of the batch. `batch`: item_id.
-- Of what our people wrote only the id counts: an answer in two mailboxes is one.
WITH places AS MATERIALIZED (SELECT rowid AS place FROM items WHERE key IN (SELECT md5_number_lower(item_id) FROM batch)),
wanted AS MATERIALIZED (
    SELECT item_id, fingerprint, channel, external_id, received_at FROM items WHERE rowid IN (SELECT place FROM places) AND item_id IN (SELECT item_id FROM batch)
),
alike AS MATERIALIZED (
    SELECT rowid AS place FROM items
    WHERE received_at > (SELECT min(received_at) - INTERVAL 14 DAY FROM wanted) AND fingerprint IN (SELECT fingerprint FROM wanted)
    UNION SELECT rowid FROM items WHERE external_key IN (SELECT md5_number_lower(external_id) FROM wanted)
)
SELECT DISTINCT e.item_id, e.case_id, e.source, e.channel, e.external_id, e.contact,
    CASE WHEN e.ours IS NOT TRUE THEN e.fingerprint END AS fingerprint, e.received_at, length(e.text) AS characters
FROM (SELECT * FROM items WHERE rowid IN (FROM alike)) e JOIN wanted w ON e.item_id <> w.item_id
    AND (e.fingerprint = w.fingerprint AND e.ours IS NOT TRUE OR e.channel = w.channel AND e.external_id = w.external_id)
WHERE e.status IN ('case', 'praise', 'other') AND e.received_at > w.received_at - INTERVAL 14 DAY
ORDER BY e.received_at
