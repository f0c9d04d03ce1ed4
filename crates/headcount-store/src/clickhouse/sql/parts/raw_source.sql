-- The raw events that a question counts, and in `scopes` what they are counted under in the place of the
-- version. @filters are the conditions of the question, each made of parts/filter.sql, or 1. {from} is no
-- day before the first one whose raw events live.
SELECT product, day, id, event, failed, weight, marks, device_kind, device, `values.name`, `values.is_open`, `values.text`,
    `numbers.name`, `numbers.is_whole`, `numbers.number`, `times.name`, `times.seconds`, `people.name`, `people.pseudonym`,
    @scopes AS scopes
FROM events FINAL
WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date} AND (@filters)
