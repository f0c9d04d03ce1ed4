-- embedded::rollups::ask::ask
SELECT product, outcome, reason, count FROM outcome ORDER BY product, outcome, reason
