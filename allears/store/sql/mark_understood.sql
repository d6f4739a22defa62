-- New items that are understood now, and how each is read. `understood`: as the table of understandings.
UPDATE items SET status = 'understood', sentiment = u.sentiment, kind = u.kind, topic = u.topics[1].topic, urgency = u.urgency,
    detected = u.language, confidence = u.confidence, corrected = false, praised = u.praised
FROM understood u WHERE items.key = md5_number_lower(u.item_id) AND items.item_id = u.item_id AND items.status = 'new'
