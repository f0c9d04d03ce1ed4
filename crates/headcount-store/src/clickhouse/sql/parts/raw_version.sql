-- The version as raw questions show it.
if(version = '' OR version IN (
    SELECT text FROM vocabulary FINAL
    WHERE product = {product:String} AND standing IN ('fixed', 'row')
        AND `column` IN (SELECT `column` FROM version_columns WHERE product = {product:String})), version, 'other')
