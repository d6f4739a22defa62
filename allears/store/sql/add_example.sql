-- An item's words as an example of a topic.
INSERT INTO topic_examples (topic, item_id, "by", "at") VALUES ($topic, $item_id, $by, $at)
