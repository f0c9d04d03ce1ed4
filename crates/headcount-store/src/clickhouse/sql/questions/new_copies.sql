-- Which of the new events have a copy that is counted: asked once for all questions of a page, and for all statements
-- of a count. There are hardly any, unless a collector died.
SELECT DISTINCT toUInt16(day), hex(id) FROM (@include(counted_copies)) LIMIT {most:UInt64}
