-- Since when the oldest alert waits that is due; what was to wait for its time does so only from then on.
SELECT min(CASE WHEN attempts = 0 THEN greatest(created_at, due_at) ELSE created_at END) AS since FROM outbox
WHERE sent_at IS NULL AND failed_at IS NULL AND gathered_in IS NULL AND due_at <= $now AND way = 'mail' AND kind IN ('alert', 'digest')
