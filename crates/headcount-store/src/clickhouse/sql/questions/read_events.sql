-- The raw events of one day, in the order of their ids: those after {after}, at most {most}.
SELECT hex(id), event, version, weight, marks, device_kind, hex(device),
    arrayZip(`values.name`, `values.kind`, `values.is_open`, `values.text`),
    arrayZip(`numbers.name`, `numbers.is_whole`, `numbers.number`),
    arrayZip(`times.name`, `times.seconds`),
    arrayZip(`people.name`, `people.is_account`, arrayMap(one -> hex(one), `people.pseudonym`)),
    arrayZip(`others.name`, `others.kind`, `others.text`)
FROM events FINAL
WHERE product = {product:String} AND day = {day:Date} AND id > unhex({after:String})
ORDER BY id
LIMIT {most:UInt64}
