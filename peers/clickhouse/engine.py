"""ClickHouse's engine in this process, by PyPI's `chdb-core`: sessions over one folder.

A session has its own settings and its own current database, as a request of ClickHouse's HTTP
interface has. Each request borrows one, and what it has set is taken back afterwards.
"""

import contextlib
import queue
import re
import threading
import time

from chdb.session import Session

from exceptions import EngineError

SESSIONS = 8
# INSERT whose data follow elsewhere: everything before the format, and the format.
INSERT = re.compile(r"^\s*(INSERT\s+INTO\s.+?)\s+FORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE | re.DOTALL)
NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")


class Answer:
    """What a query has returned."""

    def __init__(self, body=b"", written=0, read=0, seconds=0.0):
        self.body, self.written, self.read, self.seconds = body, written, read, seconds


def quoted(text):
    """A string of SQL."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


class Engine:
    """The engine over one folder. The folder belongs to one process at a time."""

    def __init__(self, folder):
        self._idle = queue.SimpleQueue()
        self._folder, self._made, self._lock = folder, 0, threading.Lock()
        with self._session() as session:
            self.version = text_of(session.query("SELECT version()", "TSVRaw"))
            session.query("CREATE DATABASE IF NOT EXISTS default", "TSV")

    @contextlib.contextmanager
    def _session(self):
        with self._lock:
            is_new = self._idle.empty() and self._made < SESSIONS
            self._made += is_new
        session = Session(self._folder) if is_new else self._idle.get()
        try:
            yield session
        finally:
            self._idle.put(session)

    def run(self, sql, data, options):
        """Runs one query. `data` are the rows of an INSERT, or None. Raises EngineError."""
        began = time.monotonic()
        with self._session() as session:
            try:
                self._begin(session, options)
                answer = self._insert(session, sql, data) if data is not None else self._query(session, sql, options)
            except RuntimeError as error:
                raise EngineError(str(error)) from None
            finally:
                self._end(session, options)
        answer.seconds = time.monotonic() - began
        return answer

    def _begin(self, session, options):
        session.query(f"USE `{options.database}`", "TSV")
        for name, value in options.settings.items():
            if not NAME.match(name):
                raise RuntimeError(f"Code: 115. DB::Exception: Unknown setting '{name}'. (UNKNOWN_SETTING)")
            session.query(f"SET {name} = {quoted(value)}", "TSV")
        for name, value in options.parameters.items():
            session.query(f"SET param_{name} = {quoted(value)}", "TSV")

    def _end(self, session, options):
        for name in options.settings:
            # A setting that does not exist was not set.
            with contextlib.suppress(RuntimeError):
                session.query(f"SET {name} = DEFAULT", "TSV")

    def _query(self, session, sql, options):
        result = session.query(sql, options.format)
        return Answer(bytes_of(result), read=number_of(result, "rows_read"))

    def _insert(self, session, sql, data):
        found = INSERT.match(sql)
        if not found:
            return Answer(bytes_of(session.query(sql + "\n" + data.decode(), "TSV")))
        insert = session.send_insert(found[1], found[2])
        try:
            if data:
                insert.append(data)
            result = insert.finish()
        except BaseException:
            with contextlib.suppress(Exception):
                insert.cancel()
            raise
        return Answer(written=number_of(result, "rows_written"))


def bytes_of(result):
    if result is None:
        return b""
    if hasattr(result, "bytes"):
        return bytes(result.bytes() or b"")
    return str(result).encode()


def text_of(result):
    return bytes_of(result).decode().strip()


def number_of(result, name):
    number = getattr(result, name, 0)
    return int((number() if callable(number) else number) or 0)
