"""ClickHouse's own compressed blocks, as `compress=1` and `decompress=1` ask for them.

A block: 16 bytes of CityHash128 (of version 1.0.2) over the rest; 0x82 for LZ4, 0x02 for none; the
length of the block without the hash, 4 bytes; the length of what is in it, 4 bytes; the data.
PyPI's `lz4` and `clickhouse-cityhash` do the work, where they are installed.
"""

import struct

try:
    import clickhouse_cityhash.cityhash as cityhash
    import lz4.block
except ImportError:
    cityhash = None

HEAD = struct.Struct("<BII")
BLOCK_BYTES = 1 << 20


def can():
    return cityhash is not None


def _hash(data):
    low, high = _halves(cityhash.CityHash128(data))
    return struct.pack("<QQ", low, high)


def _halves(number):
    # Versions of the package return a number or a pair.
    if isinstance(number, tuple):
        return number
    return number >> 64, number & (2 ** 64 - 1)


def pack(data):
    blocks = []
    for start in range(0, len(data), BLOCK_BYTES):
        part = data[start:start + BLOCK_BYTES]
        packed = lz4.block.compress(part, store_size=False)
        body = HEAD.pack(0x82, HEAD.size + len(packed), len(part)) + packed
        blocks.append(_hash(body) + body)
    return b"".join(blocks)


def unpack(data):
    """Raises ValueError if it is not made of whole blocks."""
    parts, at = [], 0
    while at < len(data):
        told, head = data[at:at + 16], data[at + 16:at + 16 + HEAD.size]
        if len(head) < HEAD.size:
            raise ValueError("a compressed block is cut off")
        method, length, whole = HEAD.unpack(head)
        body = data[at + 16:at + 16 + length]
        if len(body) < length or _hash(body) != told:
            raise ValueError("the checksum of a compressed block is wrong")
        packed = body[HEAD.size:]
        if method == 0x82:
            parts.append(lz4.block.decompress(packed, uncompressed_size=whole))
        elif method == 0x02:
            parts.append(packed)
        else:
            raise ValueError(f"unknown compression method {method:#x}")
        at += 16 + length
    return b"".join(parts)
