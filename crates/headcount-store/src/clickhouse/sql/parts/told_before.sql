-- As told_values.sql, by events that were erased because of an account.
SELECT `column` AS name, text, day, device_kind, device, times, arrival FROM tellers FINAL
WHERE product = {product:String} AND (name, text) NOT IN (SELECT `column`, text FROM vocabulary FINAL
                                                          WHERE product = {product:String} AND standing IN ('fixed', 'row'))
