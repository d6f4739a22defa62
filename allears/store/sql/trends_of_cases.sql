-- As trends.sql, of messages of cases only: these have an owner, and their customers may have tags.
WITH held AS (
    SELECT q.step, i.topic, i.channel, i.source, i.kind, i.sentiment, coalesce(i.language, i.detected) AS language, c.owner, c.tags
    FROM items i JOIN quarters q ON q.quarter = epoch_us(i.received_at) // 900000000 JOIN cases c ON c.id = i.case_id
    WHERE i.status = 'case' AND i.ours IS NOT TRUE AND i.received_at >= $since AND i.received_at < $until
        AND ($channel::VARCHAR IS NULL OR i.channel = $channel::VARCHAR) AND ($source::VARCHAR IS NULL OR i.source = $source::VARCHAR)
        AND ($topic::VARCHAR IS NULL OR i.topic = $topic::VARCHAR) AND ($kind::VARCHAR IS NULL OR i.kind = $kind::VARCHAR)
        AND ($language::VARCHAR IS NULL OR coalesce(i.language, i.detected) = $language::VARCHAR)
        AND ($sentiment::VARCHAR IS NULL OR i.sentiment = $sentiment::VARCHAR)
        AND ($owner::VARCHAR IS NULL OR c.owner = $owner::VARCHAR) AND ($tag::VARCHAR IS NULL OR list_contains(c.tags, $tag::VARCHAR))
),
keyed AS (
    SELECT step, kind, sentiment, unnest(CASE $split WHEN 'topic' THEN [topic] WHEN 'channel' THEN [channel] WHEN 'source' THEN [source] WHEN 'kind' THEN [kind]
        WHEN 'language' THEN [language] WHEN 'owner' THEN [owner]
        ELSE if(len(tags) > 0, tags, [NULL]) END) AS key
    FROM held
)
SELECT step, key, count(*) AS messages, count(*) FILTER (kind = 'complaint') AS complaints, count(*) FILTER (kind = 'praise') AS praise,
    count(*) FILTER (sentiment = 'negative') AS negative, count(*) FILTER (sentiment = 'positive') AS positive
FROM keyed GROUP BY ALL ORDER BY ALL
