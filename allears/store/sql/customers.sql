-- Customers who wrote since $since or have an open case; or those whose name or contact matches the patterns $w1 to $w4, all of them;
-- of those only such as have or had a case of $names_of, if that is given.
-- Those with late and open cases come first, or those who wrote most ($first).
WITH named AS MATERIALIZED (
    SELECT DISTINCT md5_number_lower(customer_id) AS key FROM contacts
    WHERE $w1::VARCHAR IS NOT NULL
        AND ($names_of::VARCHAR IS NULL OR customer_id IN (SELECT customer_id FROM cases WHERE owner = $names_of::VARCHAR))
        AND (regexp_matches(contact, $w1::VARCHAR) OR regexp_matches(name, $w1::VARCHAR))
        AND ($w2::VARCHAR IS NULL OR regexp_matches(contact, $w2::VARCHAR) OR regexp_matches(name, $w2::VARCHAR))
        AND ($w3::VARCHAR IS NULL OR regexp_matches(contact, $w3::VARCHAR) OR regexp_matches(name, $w3::VARCHAR))
        AND ($w4::VARCHAR IS NULL OR regexp_matches(contact, $w4::VARCHAR) OR regexp_matches(name, $w4::VARCHAR))
),
wrote AS MATERIALIZED (
    SELECT customer_key AS key, count(*) AS messages, count(*) FILTER (sentiment = 'negative') AS negative, max(received_at) AS last_at
    FROM items
    WHERE customer_key IS NOT NULL AND status IN ('case', 'praise', 'other') AND ours IS NOT TRUE AND received_at >= $since
    GROUP BY customer_key
),
owed AS MATERIALIZED (
    SELECT md5_number_lower(customer_id) AS key, count(*) AS open, count(*) FILTER (next_date < $now::TIMESTAMPTZ) AS late
    FROM cases WHERE status NOT IN ('resolved', 'closed') AND customer_id IS NOT NULL GROUP BY customer_id
),
asked AS (
    SELECT key FROM named UNION ALL SELECT key FROM wrote WHERE $w1::VARCHAR IS NULL
    UNION ALL SELECT key FROM owed WHERE $w1::VARCHAR IS NULL AND key NOT IN (SELECT key FROM wrote)
),
matching AS MATERIALIZED (
    SELECT a.key, coalesce(w.messages, 0) AS messages, coalesce(w.negative, 0) AS negative, coalesce(o.open, 0) AS open,
        coalesce(o.late, 0) AS late, w.last_at
    FROM asked a LEFT JOIN wrote w ON w.key = a.key LEFT JOIN owed o ON o.key = a.key
),
page AS MATERIALIZED (
    SELECT *, CASE WHEN $first = 'Open cases' THEN late ELSE 0 END AS waits, CASE WHEN $first = 'Open cases' THEN open ELSE 0 END AS has FROM matching
    ORDER BY waits DESC, has DESC, messages DESC, last_at DESC NULLS LAST, key LIMIT $limit
),
places AS MATERIALIZED (
    SELECT arg_max(rowid, received_at) AS place FROM items
    WHERE customer_key IN (SELECT key FROM page) AND ours IS NOT TRUE AND status NOT IN ('duplicate', 'spam') GROUP BY customer_key
),
newest AS (SELECT customer_key, customer_id, author, contact, channel, title, text, received_at FROM items WHERE rowid IN (FROM places))
SELECT n.customer_id AS id, coalesce(n.author, regexp_replace(n.contact, '^[a-z]+:', ''), 'A customer') AS name, n.channel,
    concat_ws(' · ', nullif(n.title, ''), nullif(left(n.text, 300), '')) AS words, p.messages, p.negative, p.open, p.late, n.received_at AS last_at,
    (SELECT count(*) FROM matching) AS found
FROM page p JOIN newest n ON n.customer_key = p.key ORDER BY p.waits DESC, p.has DESC, p.messages DESC, p.last_at DESC NULLS LAST, p.key
