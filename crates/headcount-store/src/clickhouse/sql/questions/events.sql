-- Question::Events: events by day, version and name. {scope} is `all`, `only` or `each`.
SELECT day, if({scope:String} = 'each', shown, '') AS version, event, sum(count) AS count
FROM (SELECT day, event, count, @include(shown_version) AS shown FROM (@include(@cells:event)))
WHERE {scope:String} != 'only' OR shown = {only:String}
GROUP BY day, version, event
ORDER BY day, version, event
