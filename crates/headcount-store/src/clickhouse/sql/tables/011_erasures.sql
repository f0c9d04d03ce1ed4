-- table: erasures
-- everywhere
--
-- Erasures that have been asked for and are not done. A row goes when they are, and nothing is left of the person.
-- Whether a day is counted without them is said by `erased` in `counted`: it is this number or a larger one.
-- `is_kept` is set once their counts are: from then on
-- their events may go, of the batches that are named and of no others.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    number     UInt64,
    product    LowCardinality(String),
    is_account UInt8,
    pseudonym  FixedString(16),
    is_kept    UInt8,
    events     UInt64,                     -- how many they have
    nodes      Array(UInt32),
    lasts      Array(UInt64)
) ENGINE = @replacing(is_kept)
ORDER BY number
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
