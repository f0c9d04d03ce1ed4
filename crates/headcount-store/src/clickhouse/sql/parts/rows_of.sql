-- The values of an open column that have a row now.
(SELECT groupArray(text) FROM vocabulary FINAL
 WHERE product = {product:String} AND `column` = @column AND standing IN ('fixed', 'row'))
