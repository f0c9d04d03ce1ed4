"""A node as a client of ClickHouse sees it: what tests of the store rely on, each thing by itself.

    python3 peers/clickhouse/nodes.py

PYTHONPATH has `chdb-core`. It prints a line a check.
"""

import base64
import http.client
import pathlib
import shutil
import sys
import tempfile
import threading
import time

import packed
from node import NodeProcess, Refused

INSERT = "INSERT INTO t(a, b) FORMAT RowBinary"
ROW = b"\x01\0\0\0\0\0\0\0\x01x"
WRITER = {"X-ClickHouse-User": "writer", "X-ClickHouse-Key": "secret"}


class Checks:
    def __init__(self):
        self.failed = 0

    def is_(self, name, told, expected):
        self.failed += told != expected
        print(f"{'ok  ' if told == expected else 'FAIL'} {name}" + ("" if told == expected else f": {told!r}, expected {expected!r}"))

    def refused(self, name, call, status, word):
        try:
            call()
            told = (200, "")
        except Refused as error:
            told = (error.status, word if word in error.text else error.text[:200])
        self.is_(name, told, (status, word))

    def cut(self, name, call):
        try:
            call()
            told = "an answer"
        except (http.client.HTTPException, ConnectionError):
            told = "cut"
        self.is_(name, told, "cut")


def count(node):
    return node.rows("SELECT count() FROM t")[0][0]


def form(node):
    fields = {"query": "SELECT {n:UInt64}, {a:Array(String)}", "param_n": "7", "param_a": "['x--y']"}
    parts = [f'--clickhouse-rs-boundary-x1\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
             for name, value in fields.items()]
    body = "".join(parts) + "--clickhouse-rs-boundary-x1--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=clickhouse-rs-boundary-x1", "Accept-Encoding": "lz4"}
    return node.request("POST", {}, body.encode(), headers)[0]


def formats(node, checks):
    run = lambda sql, **settings: node.run(sql, settings)
    checks.is_("it answers a ping", node.request("GET", {}, path="/ping")[0], b"Ok.\n")
    told = node.run("SELECT {a:Array(String)}, {d:Date}, {n:UInt64}", a="['x','y\\'z']", d="2026-11-20", n="7")
    checks.is_("parameters", told, b"['x','y\\'z']\t2026-11-20\t7\n")
    checks.is_("parameters in a form, as the client sends them since 0.15.3", form(node), b"7\t['x--y']\n")
    checks.is_("a setting holds for its query", run("SELECT getSetting('max_threads')", max_threads="1"), b"1\n")
    checks.is_("and for no other", run("SELECT getSetting('max_threads') = 1"), b"0\n")
    run("CREATE TABLE t (a UInt64, b String) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100")
    described = run("DESCRIBE TABLE t", default_format="RowBinaryWithNamesAndTypes", describe_include_subcolumns="0")
    checks.is_("the client reads the columns of a table", described[:6], b"\x07\x04name")
    node.insert("INSERT INTO t(a,b) FORMAT RowBinaryWithNamesAndTypes", b"\2\1a\1b\6UInt64\6String" + ROW)
    node.insert("INSERT INTO t FORMAT JSONEachRow", b'{"a": 5, "b": "q"}\n')
    run("INSERT INTO t VALUES (6, 'y')")
    checks.is_("rows of three formats are there", count(node), 3)
    native = run("SELECT * FROM t ORDER BY a FORMAT Native")
    node.insert("INSERT INTO t FORMAT Native", native)
    checks.is_("and of a fourth", count(node), 6)
    summary = node.insert(INSERT, ROW * 4, decompress="0")
    checks.is_("the summary says how many rows were written", summary["written_rows"], "4")
    if packed.can():
        node.insert(INSERT, packed.pack(ROW * 5), decompress="1")
        told = packed.unpack(node.request("POST", {"compress": "1"}, b"SELECT count() FROM t")[0])
        checks.is_("compressed blocks, both ways", told, b"15\n")


def errors(node, checks):
    run = lambda sql, **settings: node.run(sql, settings)
    checks.refused("an unknown table", lambda: run("SELECT * FROM nowhere"), 404, "UNKNOWN_TABLE")
    checks.refused("an unknown database", lambda: run("SELECT 1", database="nowhere"), 404, "UNKNOWN_DATABASE")
    checks.refused("an unknown setting", lambda: run("SELECT 1", nonsense="1"), 404, "UNKNOWN_SETTING")
    checks.refused("a mistake in the SQL", lambda: run("SELEC 1"), 400, "SYNTAX_ERROR")
    before = count(node)
    checks.refused("half a row", lambda: node.insert(INSERT, ROW * 2 + ROW[:3]), 500, "CANNOT_READ_ALL_DATA")
    checks.is_("nothing of it is there", count(node), before)
    query = {"query": "INSERT INTO t VALUES (1, 'x')"}
    checks.refused("a GET writes nothing", lambda: node.request("GET", query), 500, "READONLY")


def tokens_and_crashes(node, checks):
    before = count(node)
    for token in ("one", "one", "two"):
        node.insert(INSERT, ROW * 3, token=token)
    checks.is_("a token is inserted once", count(node), before + 6)
    node.kill()
    node.start()
    checks.is_("after kill -9 it is there", count(node), before + 6)
    node.insert(INSERT, ROW * 3, token="two")
    checks.is_("and the token is known", count(node), before + 6)


def faults(node, checks):
    def insert(token):
        return node.insert(INSERT, ROW, token=token)

    before = count(node)
    for nth, kind in enumerate(("close", "half-body", "lost-answer")):
        node.fault(kind=kind, match="INSERT INTO t")
        checks.cut(f"fault: {kind}", lambda: insert(f"cut {nth}"))
        checks.is_(f"{kind}: {'done' if kind == 'lost-answer' else 'nothing is done'}", count(node),
                   before + (kind == "lost-answer"))
    insert("cut 2")
    checks.is_("the lost one sent again is there once", count(node), before + 1)
    node.fault(kind="refuse")
    checks.refused("fault: refuse", lambda: insert("x"), 503, "Unavailable")
    node.fault(kind="error", code=243, match="INSERT")
    checks.is_("a fault is for its queries only", count(node), before + 1)
    checks.refused("fault: a full disk", lambda: insert("x"), 500, "NOT_ENOUGH_SPACE")
    node.fault(kind="late-error", code=159, match="SELECT 1")
    told = node.run("SELECT 1")
    checks.is_("fault: an error at the end of an answer", told.endswith(b"\r\n__exception__\r\n"), True)
    node.fault(kind="half-answer", match="SELECT 1")
    checks.cut("fault: half-answer", lambda: node.run("SELECT 1"))
    node.fault(kind="hang", match="INSERT")
    hanging = threading.Thread(target=checks.cut, args=("fault: hang, until it is mended", lambda: insert("x")))
    hanging.start()
    deadline = time.monotonic() + 60
    while node.waiting_faults() and time.monotonic() < deadline:
        time.sleep(0.01)
    # Another query is answered meanwhile.
    checks.is_("nothing is done by what hangs", count(node), before + 1)
    node.mend()
    hanging.join(60)
    node.fault(kind="die", match="INSERT")
    checks.cut("fault: it dies after the insert", lambda: insert("dead"))
    node.process.wait()
    node.start()
    insert("dead")
    checks.is_("which is there once", count(node), before + 2)


def users(folder, checks):
    node = NodeProcess(folder, "--user", "writer:secret", "--reader", "reader:open")
    try:
        ask = lambda headers, sql="SELECT 1": node.run(sql, headers=headers)
        checks.is_("a user by headers", ask(WRITER), b"1\n")
        basic = {"Authorization": "Basic " + base64.b64encode(b"reader:open").decode()}
        checks.is_("a reader by Basic", ask(basic), b"1\n")
        checks.refused("a wrong password", lambda: ask({**WRITER, "X-ClickHouse-Key": "x"}), 403, "AUTHENTICATION_FAILED")
        checks.refused("nobody", lambda: ask({}), 403, "AUTHENTICATION_FAILED")
        checks.refused("a reader writes nothing", lambda: ask(basic, "CREATE TABLE u (a Int8) ENGINE = Memory"), 403, "ACCESS_DENIED")
    finally:
        node.kill()


def main():
    checks, folder = Checks(), pathlib.Path(tempfile.mkdtemp(prefix="headcount-clickhouse-"))
    node = NodeProcess(folder / "node")
    try:
        formats(node, checks)
        errors(node, checks)
        tokens_and_crashes(node, checks)
        faults(node, checks)
        node.kill()
        users(folder / "other", checks)
    finally:
        node.kill()
        shutil.rmtree(folder)
    print("nodes: all right" if not checks.failed else f"nodes: {checks.failed} failed")
    return min(checks.failed, 1)


if __name__ == "__main__":
    sys.exit(main())
