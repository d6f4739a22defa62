-- Every corrected item as a row of the training corpus (models/corpus), with the words as the model reads them.
SELECT i.item_id AS id, coalesce(i.language, u.language) AS language, 'own' AS trade, 'train' AS split, i.channel,
    CASE WHEN coalesce(i.title, '') = '' THEN i.text ELSE i.title || chr(10) || i.text END AS text, u.sentiment, u.kind,
    NULL::VARCHAR[] AS signals, []::VARCHAR[] AS features, []::INTEGER[][] AS spans
FROM items i JOIN readings u USING (item_id) WHERE u.corrected_by IS NOT NULL ORDER BY id
