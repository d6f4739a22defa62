-- Messages received from $since to before $until whose meaning is at most $most bits apart from that of $item_id, the nearest ones.
WITH one AS MATERIALIZED (SELECT * FROM meanings WHERE key = md5_number_lower($item_id) LIMIT 1)
SELECT m.key, (bit_count(xor(m.m1, o.m1))::SMALLINT + bit_count(xor(m.m2, o.m2))::SMALLINT + bit_count(xor(m.m3, o.m3))::SMALLINT
    + bit_count(xor(m.m4, o.m4))::SMALLINT + bit_count(xor(m.m5, o.m5))::SMALLINT + bit_count(xor(m.m6, o.m6))::SMALLINT)::INTEGER AS apart
FROM meanings m, one o
WHERE m.key <> o.key AND apart <= $most AND m.received_at >= $since AND ($until::TIMESTAMPTZ IS NULL OR m.received_at < $until::TIMESTAMPTZ)
ORDER BY apart, m.key LIMIT $limit
