-- Messages that match, newest first, or nearest first where like ones are asked for (`near`: key, apart), after $after_at and $after_id,
-- and how many match in all. $w1 to $w4 are patterns that must all occur; authors are only looked at in cases of $names_of, if that is
-- given, and nothing but those with $of_own.
WITH own AS MATERIALIZED (SELECT id FROM cases WHERE owner = $names_of::VARCHAR),
matching AS MATERIALIZED (
    SELECT i.rowid AS place, i.key, i.received_at FROM items i LEFT JOIN own o ON o.id = i.case_id
    WHERE ($since::TIMESTAMPTZ IS NULL OR i.received_at >= $since::TIMESTAMPTZ) AND ($until::TIMESTAMPTZ IS NULL OR i.received_at < $until::TIMESTAMPTZ)
        AND CASE $standing::VARCHAR WHEN 'counted' THEN i.status IN ('case', 'praise', 'other') AND i.ours IS NOT TRUE
            WHEN 'waiting' THEN i.status IN ('new', 'understood') WHEN 'ours' THEN i.ours IS TRUE
            ELSE $standing::VARCHAR IS NULL OR i.status = $standing::VARCHAR END
        AND ($topic::VARCHAR IS NULL OR i.topic = $topic::VARCHAR) AND ($channel::VARCHAR IS NULL OR i.channel = $channel::VARCHAR)
        AND ($source::VARCHAR IS NULL OR i.source = $source::VARCHAR) AND ($kind::VARCHAR IS NULL OR i.kind = $kind::VARCHAR)
        AND ($sentiment::VARCHAR IS NULL OR i.sentiment = $sentiment::VARCHAR) AND ($urgency::VARCHAR IS NULL OR i.urgency = $urgency::VARCHAR)
        AND ($language::VARCHAR IS NULL OR coalesce(i.language, i.detected) = $language::VARCHAR)
        AND ($customer::VARCHAR IS NULL OR i.customer_key = md5_number_lower($customer::VARCHAR) AND i.customer_id = $customer::VARCHAR)
        AND ($owner::VARCHAR IS NULL OR i.case_id IN (SELECT id FROM cases WHERE owner = $owner::VARCHAR))
        AND ($incident::VARCHAR IS NULL OR i.case_id IN (SELECT id FROM cases WHERE incident_id = $incident::VARCHAR))
        AND ($tag::VARCHAR IS NULL OR i.case_id IN (SELECT id FROM cases WHERE list_contains(tags, $tag::VARCHAR)))
        AND (NOT $of_own OR o.id IS NOT NULL) AND (NOT $like OR i.key IN (SELECT key FROM near))
        AND ($w1::VARCHAR IS NULL OR regexp_matches(i.text, $w1::VARCHAR) OR regexp_matches(concat_ws(' ', i.title, CASE WHEN $names_of::VARCHAR IS NULL OR o.id IS NOT NULL THEN i.author END, i.case_id), $w1::VARCHAR))
        AND ($w2::VARCHAR IS NULL OR regexp_matches(i.text, $w2::VARCHAR) OR regexp_matches(concat_ws(' ', i.title, CASE WHEN $names_of::VARCHAR IS NULL OR o.id IS NOT NULL THEN i.author END, i.case_id), $w2::VARCHAR))
        AND ($w3::VARCHAR IS NULL OR regexp_matches(i.text, $w3::VARCHAR) OR regexp_matches(concat_ws(' ', i.title, CASE WHEN $names_of::VARCHAR IS NULL OR o.id IS NOT NULL THEN i.author END, i.case_id), $w3::VARCHAR))
        AND ($w4::VARCHAR IS NULL OR regexp_matches(i.text, $w4::VARCHAR) OR regexp_matches(concat_ws(' ', i.title, CASE WHEN $names_of::VARCHAR IS NULL OR o.id IS NOT NULL THEN i.author END, i.case_id), $w4::VARCHAR))
),
page AS MATERIALIZED (
    SELECT m.place, m.key, n.apart FROM matching m LEFT JOIN near n ON n.key = m.key
    WHERE $after_id::VARCHAR IS NULL OR (m.received_at, m.key) < ($after_at::TIMESTAMPTZ, md5_number_lower($after_id::VARCHAR))
    ORDER BY n.apart, m.received_at DESC, m.key DESC LIMIT $limit
)
SELECT i.item_id AS id, i.received_at, i.channel, i.source, coalesce(i.author, regexp_replace(i.contact, '^[a-z]+:', ''), 'A customer') AS customer,
    i.customer_id, concat_ws(' · ', nullif(i.title, ''), nullif(left(i.text, 300), '')) AS words, coalesce(i.language, i.detected) AS language, i.sentiment, i.kind,
    i.topic, i.urgency,
    CASE WHEN i.ours IS TRUE THEN 'ours' WHEN i.status IN ('new', 'understood') THEN 'waiting' ELSE i.status END AS standing,
    i.case_id, p.apart, (SELECT count(*) FROM matching) AS found
FROM (SELECT *, rowid AS place FROM items WHERE rowid IN (SELECT place FROM page)) i JOIN page p ON p.place = i.place
ORDER BY p.apart, i.received_at DESC, i.key DESC
