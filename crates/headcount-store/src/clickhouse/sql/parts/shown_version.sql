-- The version of a row: {scope} 'each' shows it, and 'only' wants the one that {only} names.
if(version = '' OR version_open = 2 OR version IN (
    SELECT text FROM vocabulary FINAL
    WHERE product = {product:String} AND standing IN ('fixed', 'row')
        AND `column` IN (SELECT `column` FROM version_columns WHERE product = {product:String})), version, 'other')
