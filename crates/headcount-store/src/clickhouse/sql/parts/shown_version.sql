-- The version of a row: {scope} 'each' shows it, and 'only' wants the one that {only} names.
if(version = '' OR version IN (
    SELECT text FROM vocabulary FINAL
    WHERE product = {product:String} AND standing IN ('fixed', 'row', 'former')
        AND `column` IN (SELECT `column` FROM version_columns WHERE product = {product:String})), version, 'other')
