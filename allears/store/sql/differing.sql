-- What a batch of new versions takes the place of. `understood`: as the table, one row an item.
SELECT count(*) AS items, coalesce(list_sort(list(DISTINCT u.model_version)), []) AS from_versions,
    count(*) FILTER (n.sentiment <> u.model_sentiment OR n.kind <> u.model_kind) AS changed
FROM understood n JOIN readings u USING (item_id) WHERE u.model_version <> n.model_version
