-- How many mails with alerts each person was sent since a moment.
SELECT recipient, count(*) AS mails FROM outbox
WHERE kind IN ('alert', 'digest') AND way = 'mail' AND gathered_in IS NULL AND sent_at >= $since GROUP BY recipient
