-- How these items are read now, people's corrections first. `understood`: item_id.
UPDATE items SET sentiment = r.sentiment, kind = r.kind, topic = r.topics[1].topic, urgency = r.urgency, detected = r.language,
    confidence = r.confidence, corrected = r.corrected_by IS NOT NULL, praised = r.praised
FROM readings r WHERE items.item_id = r.item_id AND r.item_id IN (SELECT item_id FROM understood)
