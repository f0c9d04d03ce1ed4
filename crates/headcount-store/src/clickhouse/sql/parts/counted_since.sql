-- As told_since.sql, of the days whose counts live, and those that are settled, too.
SELECT arrayJoin(if(one IN (SELECT `column` FROM version_columns WHERE product = {product:String}),
    [toString(one), ''], [toString(one)])), toString(one_value)
FROM (@include(cells:value)) WHERE one_open > 0 AND day >= {first_count:Date}
