-- From whom to whom open cases went, with the reason of the newest that went this way last and whom it is about.
WITH moved AS (
    SELECT owners, why_owner, item_ids[-1] AS item_id, coalesce(owner_since, opened_at) AS since FROM cases
    WHERE status NOT IN ('resolved', 'closed') AND len(owners) > 1
),
passed AS (SELECT *, unnest(range(1, len(owners))) AS step FROM moved),
ways AS (
    SELECT owners[step] AS origin, owners[step + 1] AS "to", count(*) AS hops,
        arg_max(CASE WHEN step = len(owners) - 1 THEN why_owner END, since) AS reason,
        arg_max(CASE WHEN step = len(owners) - 1 THEN item_id END, since) AS item_id
    FROM passed GROUP BY ALL
),
places AS MATERIALIZED (
    SELECT rowid AS place FROM items WHERE key IN (SELECT md5_number_lower(item_id) FROM ways WHERE item_id IS NOT NULL)
),
named AS (
    SELECT item_id, coalesce(author, regexp_replace(contact, '^[a-z]+:', ''), 'A customer') AS customer FROM items WHERE rowid IN (FROM places)
)
SELECT origin, "to", hops, reason, customer FROM ways LEFT JOIN named USING (item_id) ORDER BY hops DESC, origin, "to"
