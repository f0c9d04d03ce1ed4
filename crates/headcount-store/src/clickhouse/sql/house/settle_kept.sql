-- Settles the versions of kept devices that are not told any more, as settle_cells.sql does: a row goes into the one
-- of the text as it is settled, with what its sketch has grown by.
INSERT INTO kept_devices
WITH changed AS (
    SELECT period, start, is_all, weight, devices, sketched, sketch, text_version, open_version,
        if(version_is_over, 1, is_settled) AS to_settled, is_settled, to_version,
        version_is_over OR to_version != text_version AS is_changed
    FROM (
        SELECT *, @include(is_over:version) AS version_is_over, @include(settled_text:version) AS to_version
        FROM (SELECT period, start, is_all, weight, devices, sketched, sketch, is_settled, '' AS name_version,
                  toString(version) AS text_version, toUInt8(is_settled + 1) AS open_version
              FROM kept_devices FINAL WHERE product = {product:String} AND NOT is_gone AND NOT is_all AND version != '')
    )
)
SELECT {product:String}, period, start, to_version, 1, is_all, weight, sum(devices),
    uniqCombined64Merge(17)(sketch) - least(uniqCombined64Merge(17)(sketch), sum(greatest(finalizeAggregation(sketch), sketched) - sketched)),
    uniqCombined64MergeState(17)(sketch), 0, {revision:UInt64}
FROM changed WHERE to_settled = 1
GROUP BY period, start, is_all, weight, to_version
HAVING max(is_changed)
UNION ALL
SELECT {product:String}, period, start, text_version, is_settled, is_all, weight, 0, 0, sketch, 1, {revision:UInt64}
FROM changed WHERE is_changed
