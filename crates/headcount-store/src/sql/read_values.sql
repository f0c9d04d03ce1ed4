-- embedded::memory::Memory::read
SELECT number, product, event, property, value FROM counted_value
