-- Cases that match, in the order in which someone should look (resolved ones by when they were), after $after_at and $after_id, each with
-- its newest message and how many match in all. $w1 to $w4 are patterns that must all occur. What is asked of the newest message is only
-- looked up where something is ($of_items). Authors are only looked at in cases of $names_of, if that is given; all words with $of_own.
WITH own AS MATERIALIZED (SELECT id FROM cases WHERE owner = $names_of::VARCHAR),
asked AS MATERIALIZED (
    SELECT rowid AS place, id, CASE WHEN $of_items THEN md5_number_lower(item_ids[-1]) END AS key, next_date,
        CASE WHEN $show = 'Resolved' THEN -epoch_us(coalesce(resolved_at, opened_at)) ELSE epoch_us(next_date) END AS rank
    FROM cases
    WHERE (status IN ('resolved', 'closed')) = ($show = 'Resolved')
        AND ($show <> 'Late' OR next_date < $now::TIMESTAMPTZ)
        AND ($show <> 'Due today' OR next_date BETWEEN $now::TIMESTAMPTZ AND $tomorrow::TIMESTAMPTZ - INTERVAL 1 MICROSECOND)
        AND ($show <> 'Unacknowledged' OR status = 'open')
        AND ($owner::VARCHAR IS NULL OR owner = $owner::VARCHAR) AND ($topic::VARCHAR IS NULL OR topic = $topic::VARCHAR)
        AND ($incident::VARCHAR IS NULL OR incident_id = $incident::VARCHAR) AND ($tag::VARCHAR IS NULL OR list_contains(tags, $tag::VARCHAR))
        AND ($kind::VARCHAR IS NULL OR kind = $kind::VARCHAR) AND ($urgency::VARCHAR IS NULL OR urgency = $urgency::VARCHAR)
        AND ($since::TIMESTAMPTZ IS NULL OR opened_at >= $since::TIMESTAMPTZ OR id = upper($id::VARCHAR))
        AND ($until::TIMESTAMPTZ IS NULL OR opened_at < $until::TIMESTAMPTZ)
),
lying AS MATERIALIZED (
    SELECT key FROM items
    WHERE $of_items AND key IN (SELECT key FROM asked)
        AND ($since::TIMESTAMPTZ IS NULL OR received_at >= $since::TIMESTAMPTZ - INTERVAL 7 DAY)
        AND ($channel::VARCHAR IS NULL OR channel = $channel::VARCHAR) AND ($source::VARCHAR IS NULL OR source = $source::VARCHAR)
        AND ($sentiment::VARCHAR IS NULL OR sentiment = $sentiment::VARCHAR)
        AND ($language::VARCHAR IS NULL OR coalesce(language, detected) = $language::VARCHAR)
),
answering AS MATERIALIZED (
    SELECT key FROM lying WHERE $w1::VARCHAR IS NULL
    UNION ALL
    SELECT i.key FROM items i LEFT JOIN own o ON o.id = i.case_id
    WHERE $w1::VARCHAR IS NOT NULL AND i.case_id IS NOT NULL AND (NOT $of_own OR o.id IS NOT NULL)
        AND ($since::TIMESTAMPTZ IS NULL OR i.received_at >= $since::TIMESTAMPTZ - INTERVAL 7 DAY)
        AND ($w1::VARCHAR IS NULL OR regexp_matches(i.text, $w1::VARCHAR) OR regexp_matches(concat_ws(' ', i.title, CASE WHEN $names_of::VARCHAR IS NULL OR o.id IS NOT NULL THEN i.author END), $w1::VARCHAR))
        AND ($w2::VARCHAR IS NULL OR regexp_matches(i.text, $w2::VARCHAR) OR regexp_matches(concat_ws(' ', i.title, CASE WHEN $names_of::VARCHAR IS NULL OR o.id IS NOT NULL THEN i.author END), $w2::VARCHAR))
        AND ($w3::VARCHAR IS NULL OR regexp_matches(i.text, $w3::VARCHAR) OR regexp_matches(concat_ws(' ', i.title, CASE WHEN $names_of::VARCHAR IS NULL OR o.id IS NOT NULL THEN i.author END), $w3::VARCHAR))
        AND ($w4::VARCHAR IS NULL OR regexp_matches(i.text, $w4::VARCHAR) OR regexp_matches(concat_ws(' ', i.title, CASE WHEN $names_of::VARCHAR IS NULL OR o.id IS NOT NULL THEN i.author END), $w4::VARCHAR))
),
matching AS MATERIALIZED (
    SELECT * FROM asked WHERE NOT $of_items OR id = upper($id::VARCHAR) OR (key IN (SELECT key FROM lying) AND key IN (SELECT key FROM answering))
),
page AS MATERIALIZED (
    SELECT place, rank FROM matching
    WHERE $after_id::VARCHAR IS NULL
        OR (rank, id) > (CASE WHEN $show = 'Resolved' THEN -1 ELSE 1 END * epoch_us($after_at::TIMESTAMPTZ), $after_id::VARCHAR)
    ORDER BY rank, id LIMIT $limit
),
shown AS MATERIALIZED (SELECT *, rowid AS place FROM cases WHERE rowid IN (SELECT place FROM page)),
places AS MATERIALIZED (SELECT rowid AS place FROM items WHERE key IN (SELECT md5_number_lower(item_ids[-1]) FROM shown)),
newest AS (SELECT item_id, author, contact, title, text, sentiment, channel FROM items WHERE rowid IN (FROM places))
SELECT c.*, coalesce(i.author, regexp_replace(i.contact, '^[a-z]+:', ''), 'A customer') AS customer,
    coalesce(nullif(i.title, ''), left(i.text, 300), '') AS words, coalesce(i.sentiment, '') AS sentiment, coalesce(i.channel, '') AS channel,
    (SELECT count(*) FROM matching) AS found, (SELECT count(*) FROM matching WHERE next_date < $now::TIMESTAMPTZ) AS late,
    (SELECT count(*) FROM matching WHERE next_date BETWEEN $now::TIMESTAMPTZ AND $tomorrow::TIMESTAMPTZ - INTERVAL 1 MICROSECOND) AS today
FROM shown c JOIN page p ON p.place = c.place LEFT JOIN newest i ON i.item_id = c.item_ids[-1]
ORDER BY p.rank, c.id
