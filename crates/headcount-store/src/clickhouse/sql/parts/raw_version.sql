-- The version as raw questions show it.
if(version = '' OR has(@include(rows_of), version), version, 'other')
