-- How many messages from $since on are alike in meaning to each of these. `wanted`: item_id.
WITH asked AS MATERIALIZED (SELECT w.item_id, m.* FROM wanted w JOIN meanings m ON m.key = md5_number_lower(w.item_id)),
late AS MATERIALIZED (SELECT * FROM meanings WHERE received_at >= $since)
SELECT o.item_id, count(DISTINCT m.key) FILTER (m.key <> o.key AND
    bit_count(xor(m.m1, o.m1))::SMALLINT + bit_count(xor(m.m2, o.m2))::SMALLINT + bit_count(xor(m.m3, o.m3))::SMALLINT
    + bit_count(xor(m.m4, o.m4))::SMALLINT + bit_count(xor(m.m5, o.m5))::SMALLINT + bit_count(xor(m.m6, o.m6))::SMALLINT <= $most) AS alike
FROM asked o CROSS JOIN late m GROUP BY o.item_id
