-- How customers' messages of each week are read now, by label. `quarters`: quarter (hours since 1970), step (the first week is 0).
SELECT q.step, i.sentiment, i.kind, count(*) AS messages, count(*) FILTER (i.confidence < $unsure) AS unsure,
    count(*) FILTER (i.detected = $no_language) AS unreadable, sum(i.confidence)::DOUBLE AS confidence
FROM items i JOIN quarters q ON q.quarter = epoch_us(i.received_at) // 900000000
WHERE i.status IN ('case', 'praise', 'other') AND i.ours IS NOT TRUE AND i.received_at >= $since AND i.received_at < $until
GROUP BY ALL ORDER BY ALL
