-- Examples that count, oldest first.
SELECT e.id, e.topic, concat_ws(chr(10), i.title, i.text) AS text, e.item_id, e."by", e."at"
FROM topic_examples e JOIN items i USING (item_id) WHERE e.removed_at IS NULL ORDER BY e.id
