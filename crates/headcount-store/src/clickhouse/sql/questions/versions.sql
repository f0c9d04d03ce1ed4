-- Question::Versions: the versions of the host, with their first and last day.
SELECT shown AS version, min(day) AS first, max(day) AS last, sum(count) AS count
FROM (SELECT day, count, @include(shown_version) AS shown FROM (@include(@cells:event)))
GROUP BY version
ORDER BY version
