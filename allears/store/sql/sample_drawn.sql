-- The $size messages that the lot draws from a week, the same for everyone, and whether each was judged.
WITH drawn AS (
    SELECT rowid AS place, key FROM items
    WHERE (status IN ('case', 'praise', 'other') OR status = 'understood' AND why IS NOT NULL) AND ours IS NOT TRUE AND received_at >= $start AND received_at < $until
    ORDER BY md5_number_lower(concat_ws(':', $week::DATE, key)), key LIMIT $size
)
SELECT i.item_id, i.item_id IN (SELECT item_id FROM sampled WHERE week = $week::DATE) AS judged
FROM drawn d JOIN items i ON i.rowid = d.place
ORDER BY md5_number_lower(concat_ws(':', $week::DATE, d.key)), d.key
