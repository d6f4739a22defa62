-- What alarms say now. `standing`: key, text.
UPDATE alarms SET text = s.text FROM standing s WHERE alarms.key = s.key AND over_at IS NULL AND alarms.text <> s.text
