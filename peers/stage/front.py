"""A front before a receiver: passes requests on, remembers them, and fails as it is told.

It also adds what proxies and browsers add, so that a receiver sees addresses and cookies."""

import gzip
import http.client
import threading
import zlib
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .canaries import PLANTED

HOPS = {"host", "connection", "transfer-encoding", "content-length", "keep-alive", "expect"}
ADDED = {
    "X-Forwarded-For": PLANTED["address"],
    "Forwarded": f"for={PLANTED['address']};host={PLANTED['host']}",
    "X-Real-IP": PLANTED["address"],
    "Cookie": f"session={PLANTED['word']}",
    "Referer": PLANTED["url"],
    "User-Agent": PLANTED["agent"],
}


@dataclass
class Seen:
    """A request as it came in."""

    method: str
    path: str
    headers: dict
    body: bytes
    status: int = 0
    answer: bytes = b""
    plain: bytes = field(init=False)

    def __post_init__(self):
        encoding = self.headers.get("content-encoding", "")
        if self.body[:2] == b"\x1f\x8b":
            self.plain = gzip.decompress(self.body)
        elif encoding == "deflate":
            self.plain = zlib.decompress(self.body)
        else:
            self.plain = self.body


def forward(_number, _seen):
    """What a front does unless it is told otherwise."""
    return "pass"


class Front:
    """`decide` says what becomes of a request: `pass`; `busy`, 503 without asking the receiver;
    `lose`, which passes it on and answers 503; `drop`, which passes it on and hangs up;
    `hang up`, which does not pass it on; or an answer as (status, headers, body)."""

    def __init__(self, upstream=None, decide=forward, adds=ADDED):
        self.upstream, self.decide, self.adds = upstream, decide, adds
        self.seen = []
        self.lock = threading.Lock()
        front = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                front._handle(self)

            do_GET = do_OPTIONS = do_POST

            def log_message(self, *_words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.stop()

    def _handle(self, request):
        headers = {name.lower(): value for name, value in request.headers.items()}
        seen = Seen(request.command, request.path, headers, _body(request, headers))
        with self.lock:
            self.seen.append(seen)
            number = len(self.seen)
        decided = self.decide(number, seen)
        if isinstance(decided, tuple):
            status, more, body = decided
        elif decided in ("busy", "hang up"):
            status, more, body = 503, {}, b""
        else:
            try:
                status, more, body = self._pass(seen)
            except OSError:
                decided = "hang up"
        if decided in ("drop", "hang up"):
            request.close_connection = True
            return
        if decided == "lose":
            status, more, body = 503, {}, b""
        seen.status, seen.answer = status, body
        request.send_response(status)
        for name, value in more.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def _pass(self, seen):
        host = self.upstream.split("://")[1]
        connection = http.client.HTTPConnection(host, timeout=20)
        headers = {name: value for name, value in seen.headers.items() if name not in HOPS}
        for name in self.adds:
            headers.pop(name.lower(), None)
        headers.update(self.adds)
        connection.request(seen.method, seen.path, body=seen.body, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in HOPS}
        kept.pop("Date", None)
        kept.pop("date", None)
        connection.close()
        return answer.status, kept, body


def _body(request, headers):
    if headers.get("transfer-encoding", "").lower() == "chunked":
        chunks = []
        while size := int(request.rfile.readline().split(b";")[0], 16):
            chunks.append(request.rfile.read(size))
            request.rfile.readline()
        request.rfile.readline()
        return b"".join(chunks)
    return request.rfile.read(int(headers.get("content-length", 0)))
