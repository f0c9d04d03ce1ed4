"""ClickHouse's exceptions as its HTTP interface answers them: a code, a text and a status.

The statuses are those of ClickHouse's own table (`exceptionCodeToHTTPStatus`), for the codes that the
collector can meet.
"""

import re

# Names of the codes that tests ask for.
NAMES = {
    62: "SYNTAX_ERROR",
    159: "TIMEOUT_EXCEEDED",
    164: "READONLY",
    202: "TOO_MANY_SIMULTANEOUS_QUERIES",
    210: "NETWORK_ERROR",
    241: "MEMORY_LIMIT_EXCEEDED",
    242: "TABLE_IS_READ_ONLY",
    243: "NOT_ENOUGH_SPACE",
    252: "TOO_MANY_PARTS",
    285: "TOO_FEW_LIVE_REPLICAS",
    319: "UNKNOWN_STATUS_OF_INSERT",
    497: "ACCESS_DENIED",
    516: "AUTHENTICATION_FAILED",
    999: "KEEPER_EXCEPTION",
}

STATUSES = {
    194: 401,
    **dict.fromkeys((192, 193, 497, 512, 516), 403),
    # Syntax, parsing, values out of range.
    **dict.fromkeys((6, 8, 15, 16, 25, 26, 27, 36, 38, 41, 43, 44, 53, 56, 62, 69, 72, 117, 167, 168, 321, 376, 427, 441), 400),
    # Unknown tables, functions, identifiers, types, databases, settings, formats, roles.
    **dict.fromkeys((46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 336, 511), 404),
    48: 501,
    159: 408,
    76: 503,
    209: 503,
    439: 503,
    381: 411,
}


class EngineError(Exception):
    """An exception of the engine."""

    def __init__(self, text):
        found = re.search(r"Code: (\d+)\.", text)
        self.code = int(found[1]) if found else 1000
        # chdb puts words of its own before it.
        self.text = text[found.start():] if found else f"Code: 1000. DB::Exception: {text}"
        super().__init__(self.text)

    @classmethod
    def of_code(cls, code, said, version):
        name = NAMES.get(code, "UNKNOWN_EXCEPTION")
        return cls(f"Code: {code}. DB::Exception: {said}. ({name}) (version {version} (official build))")

    @property
    def status(self):
        return STATUSES.get(self.code, 500)

    @property
    def body(self):
        return (self.text.rstrip("\n") + "\n").encode()
