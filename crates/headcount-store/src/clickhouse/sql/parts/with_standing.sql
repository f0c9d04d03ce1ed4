-- The values of open vocabularies that have a standing now. Those that are versions are under the empty name, too.
SELECT arrayJoin(if(`column` IN (SELECT `column` FROM version_columns WHERE product = {product:String}),
    [toString(`column`), ''], [toString(`column`)])), text
FROM vocabulary FINAL WHERE product = {product:String} AND standing = '@kind'
