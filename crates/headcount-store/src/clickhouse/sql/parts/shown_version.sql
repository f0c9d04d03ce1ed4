-- The version of a row: `{each}` 1 shows it, `{scope}` 'only' wants the one that `{only}` names.
if(version = '' OR ({version_column:String}, version) IN (@include(has_row)), version, 'other')
