-- Settles some days: their counts as they are, with what has come since, as a generation. Values that are not told on
-- {first} or later are settled, and days before {first_count} lose their counts.
INSERT INTO cells
SELECT {product:String}, day, {generation:UInt64}, to_kind, to_event, to_version, to_version_open, to_failed, name_one,
    to_one_open, to_one, name_other, to_other_open, to_other, number, sum(count)
FROM (
    SELECT day, to_kind, to_event, to_failed, name_one, name_other, number, count,
        @include(settled_text:version) AS to_version, if(@include(is_over:version), 2, open_version) AS to_version_open,
        @include(settled_text:one) AS to_one, if(@include(is_over:one), 2, open_one) AS to_one_open,
        @include(settled_text:other) AS to_other, if(@include(is_over:other), 2, open_other) AS to_other_open
    FROM (
        SELECT day, if(day < {first_count:Date} AND kind = 'event', 'gone', toString(kind)) AS to_kind,
            if(to_kind = 'gone', '', toString(event)) AS to_event, if(to_kind = 'gone', 0, failed) AS to_failed,
            '' AS name_version, if(to_kind = 'gone', '', toString(version)) AS text_version,
            if(to_kind = 'gone', 0, version_open) AS open_version,
            toString(one) AS name_one, toString(one_value) AS text_one, one_open AS open_one,
            toString(other) AS name_other, toString(other_value) AS text_other, other_open AS open_other, number, count
        FROM (
            @include(counted_cells)
            UNION ALL
            SELECT e.day, toString(e.kind), e.event, e.version, e.version_open, e.failed, e.one, e.one_open, e.one_value,
                e.other, e.other_open, e.other_value, e.number, e.count
            FROM (SELECT * FROM erased_cells FINAL
                  WHERE product = {product:String} AND day IN {days:Array(Date)}) AS e
            INNER JOIN (@include(bounds_told)) AS c
            ON e.day = c.day
            WHERE e.generation > c.settled AND e.generation <= c.erased
            UNION ALL
            SELECT day, kind, event, version, version_open, failed, one, one_open, one_value, other, other_open,
                other_value, number, count
            FROM (@include(cells_of_all))
        )
        WHERE day >= {first_count:Date} OR kind IN ('event', 'gone')
            OR kind = 'mark' AND one = 'week' AND toMonday(day) >= toMonday({first_count:Date})
            OR kind = 'mark' AND one = 'month' AND toStartOfMonth(day) >= toStartOfMonth({first_count:Date})
    )
)
GROUP BY ALL
