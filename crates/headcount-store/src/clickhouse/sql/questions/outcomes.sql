-- Question::Outcomes: all arrivals, by outcome.
SELECT product, outcome, reason, sum(outcomes.count) AS count
FROM outcomes FINAL
GROUP BY product, outcome, reason
HAVING count > 0
ORDER BY product, outcome, reason
