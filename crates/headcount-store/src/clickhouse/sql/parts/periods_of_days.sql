-- The periods that have one of {days}.
SELECT at.1, at.2 FROM (
    SELECT arrayJoin([('day', day), ('week', toMonday(day)), ('month', toStartOfMonth(day))]) AS at
    FROM (SELECT arrayJoin({days:Array(Date)}) AS day)
)
