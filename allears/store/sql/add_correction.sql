-- What a person says of an item that was understood, with the model's own word beside it.
INSERT INTO corrections BY NAME
SELECT item_id, $at AS "at", $by AS "by", $why AS why, $sentiment AS sentiment, $kind AS kind, model_version,
    model_sentiment AS said_sentiment, model_kind AS said_kind
FROM readings WHERE item_id = $item_id
RETURNING * EXCLUDE (id)
