-- embedded::sealing::merge::drop_filters
DELETE FROM sealed_filter WHERE segment IN (
    SELECT number FROM sealed_segment WHERE product = ?1 AND day = ?2)
