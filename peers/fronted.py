"""nginx or Caddy with its configuration of docs/operate, before something that looks at what it passes on.

    python3 peers/fronted.py nginx|caddy

`.ci/units` calls it. The configuration is used as it is, but for the name, the ports and the files of
the certificate.
"""

import http.client
import http.server
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAME = "telemetry.example.org"
MIB = 1024 * 1024


class Behind(http.server.BaseHTTPRequestHandler):
    """Keeps each request, and answers as the collector does."""

    protocol_version = "HTTP/1.1"
    seen = []
    # Whether connections are closed without an answer.
    is_gone = False

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if Behind.is_gone:
            self.close_connection = True
            return
        Behind.seen.append((self.command, self.path, self.headers, body))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


def certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True)


def nginx(folder, port, behind):
    text = (ROOT / "docs/operate/nginx-collector.conf").read_text()
    for old, new in ((f"/etc/ssl/{NAME}.pem", f"{folder}/cert.pem"),
                     (f"/etc/ssl/{NAME}.key", f"{folder}/key.pem"),
                     ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
                     ("127.0.0.1:7070;", f"127.0.0.1:{behind};")):
        assert old in text, f"nginx-collector.conf has no {old!r}"
        text = text.replace(old, new)
    (folder / "collector.conf").write_text(text)
    paths = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in
                    ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr crit; events {{}}\n"
        f"http {{ {paths} include {folder}/collector.conf; }}\n")
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t", "-q"], check=True)
    return command


def caddy(folder, port, behind):
    text = (ROOT / "docs/operate/Caddyfile").read_text()
    site = f"\n{NAME} {{"
    assert site in text and "reverse_proxy 127.0.0.1:7070 {" in text
    text = text.replace(site, f"\nhttps://{NAME}:{port} {{\n\tbind 127.0.0.1\n"
                              f"\ttls {folder}/cert.pem {folder}/key.pem")
    text = text.replace("127.0.0.1:7070", f"127.0.0.1:{behind}")
    text = text.replace("{\n\t# Port 80", "{\n\tadmin off\n\t# Port 80", 1)
    (folder / "Caddyfile").write_text(text)
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


class Front(http.client.HTTPSConnection):
    """A connection to the proxy, under the name of its certificate."""

    def __init__(self, folder, port):
        super().__init__(NAME, port, timeout=20, context=ssl.create_default_context(cafile=folder / "cert.pem"))
        self.own_port = port

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.own_port), timeout=20)
        self.sock = self._context.wrap_socket(plain, server_hostname=NAME)


def ask(folder, port, method, path, body=None, headers=None):
    front = Front(folder, port)
    headers = {"Host": NAME, **(headers or {})}
    try:
        front.request(method, path, body, headers)
        answer = front.getresponse()
        return answer.status, answer.read()
    finally:
        front.close()


def check(folder, port):
    spoofed = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http",
               "Forwarded": "for=203.0.113.7;proto=http", "Authorization": "Bearer KEY",
               "Content-Encoding": "gzip", "User-Agent": "canary-agent"}
    status, text = ask(folder, port, "POST", "/api/v1/events?a=b", b"x" * 1000, spoofed)
    assert (status, text) == (200, b"ok"), (status, text)
    method, path, headers, body = Behind.seen[-1]
    assert (method, path, len(body)) == ("POST", "/api/v1/events?a=b", 1000), (method, path)
    assert headers.get_all("x-forwarded-proto") == ["https"], headers
    assert headers.get_all("x-forwarded-for") == ["127.0.0.1"], headers
    assert "forwarded" not in headers, headers
    assert headers["host"].split(":")[0] == NAME, headers
    assert headers["authorization"] == "Bearer KEY" and headers["content-encoding"] == "gzip", headers

    # What the collector takes goes through as a whole, and so does what it has to refuse itself.
    for size in (5 * MIB, 6 * MIB):
        status, _ = ask(folder, port, "POST", "/v1/logs", b"x" * size)
        assert status == 200 and len(Behind.seen[-1][3]) == size, status
    status, _ = ask(folder, port, "GET", "/healthz")
    assert status == 200, status
    status, _ = ask(folder, port, "GET", "/readyz")
    assert status == 200, status


def main(which):
    folder = pathlib.Path(tempfile.mkdtemp())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Behind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = free_port()
    process = None
    try:
        certificate(folder)
        command = {"nginx": nginx, "caddy": caddy}[which](folder, port, server.server_port)
        home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **home})
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < end, (folder / "log").read_text()
                time.sleep(0.05)
        check(folder, port)
        # A collector that is not there is tried again later, and nobody who asked is named.
        Behind.is_gone = True
        status, _ = ask(folder, port, "POST", "/api/v1/events", b"x", {"User-Agent": "canary-agent"})
        assert status in (502, 503, 504), status
        process.terminate()
        process.wait(20)
        # Nothing that a proxy writes names a client.
        for path in folder.rglob("*"):
            if path.is_file() and path.name not in ("collector.conf", "nginx.conf", "Caddyfile"):
                text = path.read_bytes()
                assert path.name != "log" or (b"remote_ip" not in text and b"client: " not in text), text
                assert b"canary-agent" not in text and b"203.0.113.7" not in text, path
                assert b"/api/v1/events" not in text, path
        print(f"{which}: TLS, the client's scheme and address, bodies up to their limit, and no log of a client")
    except Exception:
        print((folder / "log").read_text() if (folder / "log").exists() else "", file=sys.stderr)
        raise
    finally:
        if process and process.poll() is None:
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
