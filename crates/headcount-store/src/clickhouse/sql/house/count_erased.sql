-- How many events of a person there are: asked before they are erased, and, as the proof, afterwards.
SELECT count() FROM events FINAL WHERE product = {product:String} AND (@include(is_of_person))
