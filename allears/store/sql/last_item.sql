-- When the newest message came in.
SELECT max(ingested_at) AS "at" FROM items
