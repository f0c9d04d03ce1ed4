-- Question::Products of one product: its first and last day and its events. The caller asks it for each
-- name in `batches`, with days that are wide enough.
SELECT min(day) AS first, max(day) AS last, sum(count) AS events
FROM (@include(@cells:event))
HAVING events > 0
