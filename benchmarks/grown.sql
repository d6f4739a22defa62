-- The statements of grown.py, in order. The first makes a batch of messages from the pattern; the others write it to the store.
CREATE OR REPLACE TABLE grown AS
WITH numbered AS (
    SELECT n, hash(n) AS h, hash(n * 31 + 7) AS h2, hash(n * 17 + 3) AS h3 FROM range($first, $end) r(n)
),
-- Evenly over the years; then a night's or a weekend's message to working hours for two of three, as people write.
timed AS (
    SELECT n, h, h2, h3, now() - to_years($years) + to_seconds(86400 * 365.0 * $years * n / $all) AS even FROM numbered
),
moved AS (
    SELECT n, (h % $patterns)::BIGINT AS k, h2, h3, CASE WHEN h3 % 3 > 0 THEN date_trunc('day', even)
        + to_seconds(28800 + (h2 % 43200)) - CASE WHEN isodow(even) > 5 AND h3 % 7 > 2 THEN INTERVAL 2 DAY ELSE INTERVAL 0 DAY END
        ELSE even END AS received_at
    FROM timed
),
counted AS (
    SELECT m.*, sum((p.status = 'case')::BIGINT) OVER (ORDER BY n ROWS UNBOUNDED PRECEDING)::BIGINT AS nth FROM moved m JOIN pattern p ON p.k = m.k
)
SELECT c.* EXCLUDE (k), p.* EXCLUDE (k, item_id, received_at, ingested_at, external_id, customer_id, contact, text, case_id, duplicate_of,
    fingerprint), p.text AS said, p.case_id AS pattern_case, own_id(p.source, md5('e' || n)) AS item_id, md5('e' || n) AS external_id,
    least(c.received_at, now()) + INTERVAL 20 SECOND AS ingested_at,
    CASE WHEN status = 'case' THEN 'C-' || (100000 + $first + nth - nth // 6) END AS case_id,
    CASE WHEN status = 'case' THEN substr(md5('c' || hash(($first + nth - nth // 6) * 13) % ($all // 5)), 1, 24)
        WHEN p.contact IS NOT NULL THEN substr(md5('c' || h2 % ($all // 5)), 1, 24) END AS customer_id
FROM counted c JOIN pattern p USING (k);

INSERT INTO items BY NAME
    SELECT item_id, source, channel, external_id, thread_id, "references", received_at, ingested_at, author,
        CASE WHEN customer_id IS NOT NULL THEN channel || ':' || customer_id || '@grown.example' END AS contact, customer_id,
        title, said || ' No ' || h2 % 1000000 || ', ' || h3 % 100000 || '.' AS text, quoted, language, rating, reach, url, automated, spam,
        source_person, extra, substr(md5('f' || n), 1, 24) AS fingerprint, status, why, case_id, NULL AS duplicate_of, ours,
        md5_number_lower(item_id) AS key, md5_number_lower(external_id) AS external_key, md5_number_lower(customer_id) AS customer_key, sentiment, kind, topics[1].topic AS topic, urgency,
        detected, confidence, CASE WHEN sentiment IS NOT NULL THEN false END AS corrected, praised,
        CASE WHEN case_id IS NOT NULL AND nth % 6 <> 0 THEN received_at + to_seconds(20 + (h3 % 60)::BIGINT) END AS known_at
    FROM grown ORDER BY received_at;

INSERT INTO understandings BY NAME 
    SELECT item_id, received_at + INTERVAL 25 SECOND AS "at", model_version, sentiment, score, confidence, p_negative, p_neutral, p_positive,
        kind, detected AS language, urgency, urgency_reasons, topics, praised, unshifted, evidence, md5_number_lower(item_id) AS key
    FROM grown WHERE model_version IS NOT NULL
 ORDER BY received_at;

INSERT INTO originals BY NAME
    SELECT item_id, source, external_id, 'text/plain' AS media_type, NULL AS body, ingested_at, NULL AS packed, md5_number_lower(item_id) AS key
    FROM grown
    ORDER BY ingested_at;

INSERT INTO contacts BY NAME
    SELECT DISTINCT ON (customer_id) channel || ':' || customer_id || '@grown.example' AS contact, customer_id, author AS name,
        received_at AS first_seen_at, md5_number_lower(contact) AS key
    FROM grown ANTI JOIN contacts USING (customer_id) WHERE customer_id IS NOT NULL ORDER BY customer_id, received_at;

INSERT INTO cases BY NAME
    WITH opening AS (
        SELECT case_id AS id, any_value(pattern_case ORDER BY n) AS pattern_case, any_value(customer_id) AS customer_id,
            list(item_id ORDER BY n) AS item_ids, min(received_at) + INTERVAL 30 SECOND AS opened_at, hash(min(n) * 7) AS h
        FROM grown WHERE case_id IS NOT NULL GROUP BY case_id
    ),
    ended AS (
        SELECT *, opened_at + to_seconds(3600 + h % 400000) AS ends,
            (h // 7) % 10000 < 15 OR opened_at + to_seconds(3600 + h % 400000) > now() AS is_open,
            opened_at + to_seconds(60 + h % 7000) AS takes, takes < now() AS taken,
            CASE WHEN is_open THEN now() + to_seconds((h % 500000)::BIGINT - 30000) ELSE ends END AS next_date
        FROM opening
    )
    -- Whoever was told took it within two hours, and of what is late everybody heard.
    SELECT o.id, CASE WHEN NOT o.is_open THEN 'closed' WHEN NOT taken THEN 'open' ELSE ['acknowledged', 'promised'][1 + (h % 2)::BIGINT] END AS status,
        o.customer_id, o.item_ids, o.opened_at, o.opened_at AS owner_since, o.opened_at + INTERVAL 15 SECOND AS alerted_at,
        CASE WHEN taken THEN takes END AS acknowledged_at,
        CASE WHEN NOT o.is_open THEN o.opened_at + to_seconds(2000 + h % 20000) END AS first_response_at,
        CASE WHEN NOT o.is_open THEN ends END AS resolved_at, CASE WHEN NOT o.is_open THEN ends + INTERVAL 1 DAY END AS closed_at,
        o.next_date, o.next_date + INTERVAL 2 DAY AS resolve_by, CASE WHEN o.next_date < now() THEN o.next_date END AS late_for,
        (h % 9 = 0)::INTEGER AS hops, 5 AS version, substr(o.id, 3)::INTEGER AS number,
        s.* EXCLUDE (id, status, customer_id, item_ids, opened_at, owner_since, alerted_at, acknowledged_at, first_response_at,
        resolved_at, closed_at, next_date, resolve_by, late_for, hops, version, number)
    FROM ended o JOIN pattern_cases s ON s.id = o.pattern_case ORDER BY o.opened_at;

INSERT INTO events BY NAME
    WITH fresh AS (SELECT * FROM cases WHERE opened_at >= (SELECT min(received_at) FROM grown)
        AND id IN (SELECT case_id FROM grown) )
    SELECT id AS case_id, opened_at AS "at", 'AllEars' AS actor, 'opened' AS type, owner || ' made owner. ' || why_owner AS detail FROM fresh
    UNION ALL SELECT id, alerted_at, 'AllEars', 'alerted', 'Alert handed over for ' || owner FROM fresh
    UNION ALL SELECT id, acknowledged_at, owner, 'acknowledged', owner || ' has it' FROM fresh WHERE acknowledged_at IS NOT NULL
    UNION ALL SELECT id, first_response_at, owner, 'promised', 'You hear from us on Monday' FROM fresh WHERE first_response_at IS NOT NULL
    UNION ALL SELECT id, resolved_at, owner, 'resolved', 'Put right' FROM fresh WHERE resolved_at IS NOT NULL;

INSERT INTO meanings BY NAME
SELECT md5_number_lower(item_id) AS key, received_at,
    xor(m1, xor(1::BIGINT << (h2 // 7 % 63)::INTEGER, 1::BIGINT << (h3 // 5 % 63)::INTEGER)) AS m1,
    xor(m2, xor(1::BIGINT << (h2 // 49 % 63)::INTEGER, 1::BIGINT << (h3 // 25 % 63)::INTEGER)) AS m2,
    xor(m3, xor(1::BIGINT << (h2 // 343 % 63)::INTEGER, 1::BIGINT << (h3 // 125 % 63)::INTEGER)) AS m3,
    xor(m4, xor(1::BIGINT << (h2 // 2401 % 63)::INTEGER, 1::BIGINT << (h3 // 625 % 63)::INTEGER)) AS m4,
    xor(m5, xor(1::BIGINT << (h2 // 16807 % 63)::INTEGER, 1::BIGINT << (h3 // 3125 % 63)::INTEGER)) AS m5,
    xor(m6, xor(1::BIGINT << (h2 // 117649 % 63)::INTEGER, 1::BIGINT << (h3 // 15625 % 63)::INTEGER)) AS m6
FROM grown WHERE m1 IS NOT NULL ORDER BY received_at;
