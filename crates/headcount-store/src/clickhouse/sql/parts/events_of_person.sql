-- The events of the person who is to be erased.
SELECT * FROM events FINAL WHERE product = {product:String} AND (@include(is_of_person))
