-- Whether a value of an open vocabulary is not told any more. A word of a closed set always is.
open_@kind = 1 AND text_@kind != '' AND (name_@kind, text_@kind) NOT IN (@include(told_since))
    AND (name_@kind, text_@kind) NOT IN (@include(with_standing:fixed))
