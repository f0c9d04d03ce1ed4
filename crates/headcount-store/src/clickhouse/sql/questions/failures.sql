-- Question::Failures without a property: events of one name that failed and that worked.
SELECT day, if({scope:String} = 'each', shown, '') AS version, '' AS value,
    sumIf(count, failed = 2) AS failures, sumIf(count, failed = 1) AS successes
FROM (SELECT day, failed, count, @include(shown_version) AS shown
      FROM (@include(@cells:event)) WHERE event = {event:String} AND failed > 0)
WHERE {scope:String} != 'only' OR shown = {only:String}
GROUP BY day, version
ORDER BY day, version
