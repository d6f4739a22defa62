-- Messages that reached a person or needed none, with the same words, or the same id on the same channel, as one of the batch. `batch`: item_id.
WITH wanted AS (SELECT i.* FROM items i JOIN batch USING (item_id))
SELECT DISTINCT e.item_id, e.case_id, e.source, e.channel, e.external_id, e.contact, e.fingerprint, e.received_at, length(e.text) AS characters
FROM items e JOIN wanted w
  ON (e.fingerprint = w.fingerprint OR (e.channel = w.channel AND e.external_id = w.external_id)) AND e.item_id <> w.item_id
WHERE e.status IN ('case', 'praise', 'other') AND e.received_at > w.received_at - INTERVAL 14 DAY
ORDER BY e.received_at
