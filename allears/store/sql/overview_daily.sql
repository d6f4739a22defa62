-- Customers' messages by day, channel and sentiment. Machine mail, spam and duplicates are left out. Quarters of an hour are counted
-- first: every time zone's days begin at one, and there are far fewer of them than messages.
WITH quarters AS (
    SELECT epoch_us(received_at) // 900000000 AS quarter, channel,
        count(*) FILTER (sentiment = 'negative') AS negative, count(*) FILTER (sentiment = 'mixed') AS mixed,
        count(*) FILTER (sentiment = 'neutral') AS neutral, count(*) FILTER (sentiment = 'positive') AS positive,
        count(*) FILTER (kind = 'complaint') AS complaints
    FROM items
    WHERE status IN ('case', 'praise', 'other') AND ours IS NOT TRUE AND received_at > $start AND received_at <= $until GROUP BY ALL
)
SELECT timezone($timezone, make_timestamptz(quarter * 900000000))::DATE AS day, channel, sum(negative)::BIGINT AS negative,
    sum(mixed)::BIGINT AS mixed, sum(neutral)::BIGINT AS neutral, sum(positive)::BIGINT AS positive, sum(complaints)::BIGINT AS complaints
FROM quarters GROUP BY ALL ORDER BY day, channel
