-- Question::Products of one product: its first and last day and its events, with those of days whose counts are
-- gone. The caller asks it for each name in `batches`, with days that are wide enough.
SELECT min(day) AS first, max(day) AS last,
    sum(count) + (SELECT sum(count) FROM (@include(cells:gone))) AS events
FROM (@include(@cells:event))
HAVING count() > 0
