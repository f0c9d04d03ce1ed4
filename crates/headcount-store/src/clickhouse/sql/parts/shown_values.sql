-- The values of one column, as rows show them.
arrayMap((text, is_open) -> if(is_open AND NOT has(@include(rows_of), text), 'other', text),
    arrayFilter((text, name) -> name = @column, `values.text`, `values.name`),
    arrayFilter((is_open, name) -> name = @column, `values.is_open`, `values.name`))
