-- Whether one of the values of a column is wanted. The empty text wants events without a value.
(hasAny(@include(shown_values), @wanted) OR has(@wanted, '') AND NOT has(`values.name`, @column))
