-- embedded::writer::watermark
SELECT block FROM watermark
