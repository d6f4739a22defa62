-- Examples that topics were taught, and such as were taken back (forgotten), between $since and $until.
SELECT "at", topic, FALSE AS forgotten FROM topic_examples WHERE "at" > $since AND "at" <= $until
UNION ALL
SELECT removed_at, topic, TRUE FROM topic_examples WHERE removed_at > $since AND removed_at <= $until
ORDER BY 1, 2, 3
