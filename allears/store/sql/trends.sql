-- Customers' messages from $since to before $until by step and by what tells them apart. `quarters`: quarter (of an hour, counted from 1970), step.
SELECT q.step, CASE $split WHEN 'topic' THEN i.topic WHEN 'channel' THEN i.channel WHEN 'source' THEN i.source WHEN 'kind' THEN i.kind
        WHEN 'language' THEN coalesce(i.language, i.detected) END AS key,
    count(*) AS messages, count(*) FILTER (i.kind = 'complaint') AS complaints, count(*) FILTER (i.kind = 'praise') AS praise,
    count(*) FILTER (i.sentiment = 'negative') AS negative, count(*) FILTER (i.sentiment = 'positive') AS positive
FROM items i JOIN quarters q ON q.quarter = epoch_us(i.received_at) // 900000000
WHERE i.status IN ('case', 'praise', 'other') AND i.ours IS NOT TRUE AND i.received_at >= $since AND i.received_at < $until
    AND ($channel::VARCHAR IS NULL OR i.channel = $channel::VARCHAR) AND ($source::VARCHAR IS NULL OR i.source = $source::VARCHAR)
    AND ($topic::VARCHAR IS NULL OR i.topic = $topic::VARCHAR) AND ($kind::VARCHAR IS NULL OR i.kind = $kind::VARCHAR)
    AND ($language::VARCHAR IS NULL OR coalesce(i.language, i.detected) = $language::VARCHAR)
    AND ($sentiment::VARCHAR IS NULL OR i.sentiment = $sentiment::VARCHAR)
GROUP BY ALL ORDER BY ALL
