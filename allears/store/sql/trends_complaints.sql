-- Complaints of some days by topic, by source and by channel. `days`: day, since, until.
SELECT d.day, CASE grouping_id(i.topic, i.source, i.channel) WHEN 3 THEN 'topic' WHEN 5 THEN 'source' ELSE 'channel' END AS split,
    CASE grouping_id(i.topic, i.source, i.channel) WHEN 3 THEN i.topic WHEN 5 THEN i.source ELSE i.channel END AS key, count(*) AS complaints
FROM items i JOIN days d ON i.received_at >= d.since AND i.received_at < d.until
WHERE i.status IN ('case', 'praise', 'other') AND i.ours IS NOT TRUE AND i.kind = 'complaint'
    AND i.received_at >= $since AND i.received_at < $until
GROUP BY GROUPING SETS ((d.day, i.topic), (d.day, i.source), (d.day, i.channel)) ORDER BY ALL
