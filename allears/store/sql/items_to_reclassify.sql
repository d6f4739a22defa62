-- Items that another version understood, with that model's own word, from one id on.
SELECT i.* EXCLUDE (corrected), u.model_version, u.model_sentiment AS said_sentiment, u.model_kind AS said_kind, u.corrected_by IS NOT NULL AS corrected
FROM items i JOIN readings u USING (item_id)
WHERE u.model_version <> $model_version AND ($since::TIMESTAMPTZ IS NULL OR i.received_at >= $since::TIMESTAMPTZ) AND i.item_id > $after
ORDER BY i.item_id LIMIT $limit
