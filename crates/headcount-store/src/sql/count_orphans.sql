-- embedded::examine::books::check
SELECT (SELECT count(*) FROM sealed_chunk
        WHERE segment NOT IN (SELECT number FROM sealed_segment))
     + (SELECT count(*) FROM sealed_ids WHERE segment NOT IN (SELECT number FROM sealed_segment))
