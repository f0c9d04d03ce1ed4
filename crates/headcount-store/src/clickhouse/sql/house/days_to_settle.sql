-- The days before {first} that have something that must be settled: raw events, devices, a value that is not told any
-- more, or counts from before {first_count}.
SELECT DISTINCT day FROM (
    SELECT day FROM events WHERE product = {product:String} AND day < {first:Date}
    UNION ALL
    SELECT day FROM (@include(present)) WHERE day < {first:Date}
    UNION ALL
    SELECT day FROM (SELECT day, toString(one) AS name_one, toString(one_value) AS text_one, one_open AS open_one
                     FROM (@include(cells:value)) WHERE day < {first:Date})
    WHERE @include(is_over:one)
    UNION ALL
    SELECT day FROM (SELECT day, '' AS name_version, toString(version) AS text_version, version_open AS open_version
                     FROM (@include(cells:mark)) WHERE day < {first:Date})
    WHERE @include(settled_text:version) != text_version OR @include(is_over:version)
    UNION ALL
    SELECT day FROM (@include(all_cells))
    WHERE day < {first_count:Date} AND (kind IN ('event', 'value', 'pair', 'number')
        OR kind = 'mark' AND multiIf(one = 'day', 1, one = 'week', toMonday(day) < toMonday({first_count:Date}),
                                     toStartOfMonth(day) < toStartOfMonth({first_count:Date})))
)
ORDER BY day
