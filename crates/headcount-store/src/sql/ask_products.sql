-- embedded::ask::ask
SELECT product, min(day), max(day), sum(count) FROM rollup_events GROUP BY product ORDER BY product
