-- How many raw events there are of days before {first}, and on which day the last one is.
SELECT count(), max(day) FROM events FINAL WHERE product = {product:String} AND day < {first:Date}
