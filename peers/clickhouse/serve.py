"""One node of ClickHouse, as far as the collector can tell: the engine of PyPI's `chdb-core` behind as
much of ClickHouse's HTTP interface as the official Rust client `clickhouse` uses.

    python3 peers/clickhouse/serve.py FOLDER [--port PORT] [--user NAME:PASSWORD]… [--reader NAME:PASSWORD]…

It listens on 127.0.0.1 and a free port unless one is named, and its first line says which. FOLDER keeps the databases from
one start to the next, also after `kill -9`. Without users there is `default` without a password. A
reader may ask and not write. Another node is another process with another folder.

`/test/fault` lets requests go wrong (faults.py says how), `/test/requests` lists what was asked. It is
for tests: it is not safe to be reached by anybody else, and neither replicates nor distributes.
"""

import argparse
import gzip
import http.server
import json
import os
import re
import socket
import sys
import threading
import urllib.parse
import uuid

import packed
from engine import Engine
from exceptions import EngineError
from faults import Faults
from query_options import QueryOptions, Users

READS = re.compile(r"^[\s(]*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(SELECT|WITH|SHOW|DESC|DESCRIBE|EXISTS|EXPLAIN|CHECK|USE)\b",
                   re.IGNORECASE | re.DOTALL)
INSERTS = re.compile(r"^[\s]*INSERT\b", re.IGNORECASE)
# Requests that are remembered for tests.
REMEMBERED = 10_000


class Node(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, engine, users, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.engine, self.users, self.faults = engine, users, Faults()
        self.asked = []

    def handle_error(self, request, client_address):
        error = sys.exc_info()[1]
        if not isinstance(error, (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)

    def remember(self, query, options, status, written):
        self.asked.append({"query": query, "settings": options.settings, "status": status, "written": written})
        del self.asked[:-REMEMBERED]


class CutOff(Exception):
    """The connection is closed without another word."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are two writes: without this, the second one waits for the peer's delayed
    # acknowledgement of the first.
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer(is_write_allowed=False)

    def do_POST(self):
        self.answer(is_write_allowed=True)

    def do_DELETE(self):
        if urllib.parse.urlsplit(self.path).path == "/test/fault":
            self.server.faults.clear()
            return self.send(200, b"")
        return self.send(404, b"")

    def answer(self, is_write_allowed):
        url = urllib.parse.urlsplit(self.path)
        pairs = urllib.parse.parse_qsl(url.query, keep_blank_values=True)
        try:
            if url.path.startswith("/test/"):
                self.of_test(url.path, dict(pairs))
            elif url.path in ("/ping", "/replicas_status") or url.path == "/" and not pairs and self.command == "GET":
                self.send(200, b"Ok.\n")
            elif url.path != "/":
                self.send(404, f"There is no handle {url.path}\n".encode())
            else:
                self.ask(pairs, is_write_allowed)
        except CutOff:
            self.cut()

    def of_test(self, path, options):
        if path == "/test/fault" and self.command == "POST":
            self.body()
            try:
                self.server.faults.add(options)
            except (ValueError, re.error) as error:
                return self.send(400, f"{error}\n".encode())
            return self.send(200, b"")
        if path == "/test/fault":
            return self.send(200, f"{self.server.faults.waiting()}\n".encode())
        if path == "/test/requests":
            asked = list(self.server.asked)
            return self.send(200, "".join(json.dumps(one) + "\n" for one in asked).encode())
        return self.send(404, b"")

    def ask(self, pairs, is_write_allowed):
        options = QueryOptions(pairs, self.headers)
        told = options.query
        fault = self.server.faults.take(told) if told else None
        if fault and fault.kind == "half-body":
            self.half_body()
        body = self.body()
        try:
            if options.is_packed:
                body = packed.unpack(body)
        except ValueError as error:
            return self.fail(EngineError(f"Code: 271. DB::Exception: {error}. (CANNOT_DECOMPRESS)"), options)
        fields = options.take_form(self.headers.get("Content-Type", ""), body)
        sql, data = (fields["query"], None) if "query" in fields else self.query_of(told, body)
        if not told:
            fault = self.server.faults.take(sql)
        if fault:
            self.before(fault)
        try:
            self.allow(sql, options, is_write_allowed)
            if fault and fault.kind == "error":
                raise self.exception(fault.code, "a test wants it so")
            answer = self.server.engine.run(sql, data, options)
        except EngineError as error:
            return self.fail(error, options, sql)
        self.server.remember(sql, options, 200, answer.written)
        return self.succeed(answer, options, fault)

    def query_of(self, told, body):
        """The query, and the rows of an INSERT. A query in the address goes on in the body."""
        if not told:
            return body.decode(), None
        if INSERTS.match(told):
            return told, body
        return told + ("\n" + body.decode() if body else ""), None

    def allow(self, sql, options, is_write_allowed):
        user = self.server.users.find(options.user, options.password)
        if user is None:
            raise self.exception(516, f"{options.user}: Authentication failed: password is incorrect, "
                                      "or there is no user with such name")
        if READS.match(sql):
            return
        if user.is_reader:
            raise self.exception(497, f"{options.user}: Not enough privileges. To execute this query, "
                                      "it's necessary to have the grant for it")
        if not is_write_allowed:
            raise self.exception(164, "Cannot execute query in readonly mode. For queries over HTTP, "
                                      "method GET implies readonly")

    def exception(self, code, said):
        return EngineError.of_code(code, said, self.server.engine.version)

    def before(self, fault):
        if fault.kind == "refuse":
            self.send(503, b"Service Unavailable\n")
            raise CutOff
        if fault.kind in ("close", "hang"):
            if fault.kind == "hang":
                fault.wait()
            raise CutOff
        if fault.kind == "delay":
            fault.wait()

    def succeed(self, answer, options, fault):
        kind = fault.kind if fault else ""
        if kind == "die":
            os._exit(137)
        if kind == "lost-answer":
            raise CutOff
        body = answer.body
        headers = {
            "X-ClickHouse-Query-Id": options.id or str(uuid.uuid4()),
            "X-ClickHouse-Server-Display-Name": "node",
            "X-ClickHouse-Format": options.format,
            "X-ClickHouse-Timezone": "UTC",
            "X-ClickHouse-Summary": json.dumps({
                "read_rows": str(answer.read), "read_bytes": "0", "written_rows": str(answer.written),
                "written_bytes": "0", "total_rows_to_read": "0", "result_rows": str(answer.written),
                "result_bytes": str(len(body)), "elapsed_ns": str(int(answer.seconds * 1e9))}),
        }
        if kind == "late-error":
            tag = uuid.uuid4().hex[:16]
            headers["X-ClickHouse-Exception-Tag"] = tag
            said = self.exception(fault.code, "a test wants it so").body
            body += b"\r\n__exception__\r\n" + tag.encode() + b"\r\n" + said
            body += f"{len(said)} {tag}\r\n__exception__\r\n".encode()
        if options.packs:
            body = packed.pack(body)
        elif options.zips:
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        self.send(200, body, headers, is_cut=kind == "half-answer")

    def fail(self, error, options, sql=""):
        self.server.remember(sql or options.query, options, error.status, 0)
        body = packed.pack(error.body) if options.packs else error.body
        self.send(error.status, body, {"X-ClickHouse-Exception-Code": str(error.code)})

    def send(self, status, body, headers=None, is_cut=False):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/plain; charset=UTF-8")
        if status == 200 and body and headers:
            # As ClickHouse does: the end of a long answer is not known when it begins.
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.send_chunks(body[:len(body) // 2] if is_cut else body)
            if is_cut:
                raise CutOff
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if is_cut:
                raise CutOff
            self.wfile.write(body)

    def send_chunks(self, body, most=1 << 18):
        for start in range(0, len(body), most):
            part = body[start:start + most]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))

    def cut(self):
        self.close_connection = True
        try:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def half_body(self):
        """Reads half of the body, or its first chunk."""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            next(self.chunks(), b"")
        else:
            self.rfile.read(int(self.headers.get("Content-Length") or 0) // 2)
        raise CutOff

    def chunks(self):
        while True:
            head = self.rfile.readline(1024)
            if not head.endswith(b"\n"):
                # The client has gone: what it has sent is not whole, and is not carried out.
                raise CutOff
            length = int(head.split(b";")[0], 16)
            part = self.rfile.read(length)
            if len(part) < length:
                raise CutOff
            self.rfile.readline(1024)
            if length == 0:
                return
            yield part

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = b"".join(self.chunks())
        else:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if len(body) < length:
                raise CutOff
        return gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body


def end_with_input():
    sys.stdin.read()
    os._exit(0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--user", action="append", default=[], metavar="NAME:PASSWORD")
    parser.add_argument("--reader", action="append", default=[], metavar="NAME:PASSWORD")
    parser.add_argument("--until-eof", action="store_true", help="end with standard input, and so with whoever started it")
    arguments = parser.parse_args()
    if arguments.until_eof:
        threading.Thread(target=end_with_input, daemon=True).start()
    os.makedirs(arguments.folder, exist_ok=True)
    node = Node(Engine(os.path.abspath(arguments.folder)), Users(arguments.user, arguments.reader), arguments.port)
    print(f"listening on http://127.0.0.1:{node.server_port}", flush=True)
    node.serve_forever()


if __name__ == "__main__":
    main()
