-- embedded::writer::DatabaseWriter::flush
UPDATE watermark SET block = ?1
