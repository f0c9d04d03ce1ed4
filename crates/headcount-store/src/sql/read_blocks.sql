-- embedded::memory::Memory::read
SELECT number, product, day, rows, body FROM block ORDER BY number
