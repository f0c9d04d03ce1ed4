-- The values of open vocabularies that are told on {first} or later. Those that are versions are under the empty
-- name, too.
SELECT arrayJoin(if(one IN (SELECT `column` FROM version_columns WHERE product = {product:String}),
    [toString(one), ''], [toString(one)])), toString(one_value)
FROM (@include(cells:value)) WHERE one_open = 1 AND day >= {first:Date}
