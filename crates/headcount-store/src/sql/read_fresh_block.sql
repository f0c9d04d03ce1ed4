-- embedded::analysis::snapshot::EventReader
SELECT number, product, day, schema, rows, body FROM block WHERE number = ?1
