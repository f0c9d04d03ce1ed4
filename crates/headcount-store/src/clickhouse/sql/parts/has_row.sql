-- The values of open vocabularies that have a row of their own. What has none is shown as `other`.
SELECT `column`, text FROM vocabulary FINAL
WHERE product = {product:String} AND standing IN ('fixed', 'row')
