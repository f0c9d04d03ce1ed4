"""The reverse proxy of docs/operate before our collector: official clients and our own shipper send
through it, and it passes on nothing that could be somebody's."""

import os
import platform
import shutil
import ssl
import subprocess
import urllib.error
import urllib.request
import uuid

import senders
from stage import canaries, waiting
from stage.canaries import PLANTED
from stage.collector import Collector, since
from stage.front import ADDED, Front
from stage.install import HERE, Missing
from stage.report import differences

SITE = HERE.parent / "docs/operate/nginx.conf"
TITLE = "nginx, as docs/operate has it"


def nginx():
    """The program, installed where this machine's user may and can."""
    if path := shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        return path
    if platform.system() != "Linux" or os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Missing("nginx cannot be found, and only root installs it by apt-get")
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    # It shall not start by itself: the package's own script would.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "nginx-light"]):
        subprocess.run(["apt-get", *command], env=environment, timeout=240, **quiet)
    if path := shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        return path
    raise Missing("nginx cannot be installed by apt-get")


class Proxy:
    """nginx with the page's own file; only the places of this run are put in."""

    def __init__(self, program, folder, upstream):
        self.port = waiting.free_port()
        self.certificate = folder / "certificate.pem"
        key = folder / "certificate.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
            + ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
            + ["-keyout", key, "-out", self.certificate],
            check=True, capture_output=True,
        )
        site = SITE.read_text()
        for said, here in (
            ("listen 443 ssl;", f"listen 127.0.0.1:{self.port} ssl;"),
            ("/etc/ssl/telemetry.example.org.pem", str(self.certificate)),
            ("/etc/ssl/telemetry.example.org.key", str(key)),
            ("https://eu.i.posthog.com", upstream),
        ):
            if site.count(said) != 1:
                raise RuntimeError(f"docs/operate/nginx.conf says {said!r} {site.count(said)} times")
            site = site.replace(said, here)
        (folder / "site.conf").write_text(site)
        self.configuration = folder / "nginx.conf"
        temporary = "".join(
            f"{name}_temp_path {folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        self.configuration.write_text(
            f"daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\n"
            f"events {{}}\nhttp {{\naccess_log {folder}/access.log;\n{temporary}include {folder}/site.conf;\n}}\n"
        )
        self.process = subprocess.Popen(
            [program, "-p", folder, "-c", self.configuration, "-e", folder / "error.log"],
            stdin=subprocess.DEVNULL, stdout=(folder / "nginx.log").open("w"), stderr=subprocess.STDOUT,
        )
        try:
            waiting.until(lambda: waiting.listens(self.port), 15, "nginx listens")
        except TimeoutError:
            said = (folder / "nginx.log").read_text() + (folder / "error.log").read_text()
            raise RuntimeError(f"nginx does not listen: {said[-800:]}") from None
        self.url = f"https://localhost:{self.port}"

    def ask(self, method, path, headers=None):
        """The status of an answer."""
        request = urllib.request.Request(self.url + path, method=method, headers=headers or {})
        context = ssl.create_default_context(cafile=self.certificate)
        try:
            with urllib.request.urlopen(request, timeout=10, context=context) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def stop(self):
        self.process.kill()
        self.process.wait()


def check(report, programs, installed, folder):
    """The whole part."""
    folder = folder / "proxy"
    folder.mkdir()
    (folder / "nginx").mkdir()
    try:
        program = nginx()
    except Missing as missing:
        report.skip(TITLE, str(missing))
        return
    collector = Collector(programs / "headcount", HERE / "catalogs", folder / "collector")
    # Behind the proxy, so that what it passes on is seen.
    front = Front(collector.url, adds={})
    proxy = Proxy(program, folder / "nginx", front.url)
    try:
        for client in (it for it in senders.CLIENTS if it[0] in ("posthog-python", "posthog-node")):
            for encoding in client[5][:2]:
                title = f"{TITLE}: {client[0]} {client[4]} {encoding}"
                try:
                    installed[client[1]].ready()
                except Missing as missing:
                    report.skip(title, str(missing))
                    continue
                report.attempt(title, lambda: through(client, encoding, installed, collector, proxy))
        report.attempt(f"{TITLE}: no header goes on that is not needed", lambda: headers(front.seen))
        report.attempt(f"{TITLE}: only events go through", lambda: closed(proxy, front))
        proxy.stop()
        report.attempt(f"{TITLE}: it writes nobody down", lambda: written(folder / "nginx"))
    finally:
        proxy.stop()
        front.stop()
        collector.stop()


def through(client, encoding, installed, collector, proxy):
    """Every event of a client arrives once, over TLS."""
    before = collector.outcomes()
    task = senders.task(client, encoding, proxy.url, f"control{uuid.uuid4().hex[:12]}", str(uuid.uuid4()))
    trust = str(proxy.certificate)
    task["environment"] = {"REQUESTS_CA_BUNDLE": trust, "NODE_EXTRA_CA_CERTS": trust}
    said, code = senders.run(client, installed[client[1]], client[2], task)
    found = since(before, collector.outcomes(), "peer-posthog")
    mistakes = differences({"stored": senders.EVENTS, "rejected": 1}, found)
    return mistakes and [*mistakes, f"ended with {code}, said {said[-500:]!r}"]


ALLOWED = {
    "host", "connection", "content-type", "content-length", "content-encoding", "authorization",
    "posthog-attempt", "posthog-request-id", "posthog-request-timestamp", "posthog-sdk-info",
}


def headers(seen):
    """Only what the page lists reaches the upstream."""
    mistakes = [f"{name} went on" for it in seen for name in sorted({*it.headers} - ALLOWED)]
    return mistakes[:5] if seen else ["nothing went through"]


def closed(proxy, front):
    """Flags, pages and reading are not passed on, and an empty batch with an address beside it is
    passed on without the address."""
    before = len(front.seen)
    mistakes = []
    for method, path, status in (
        ("GET", "/batch/", 403), ("POST", "/flags/", 404), ("GET", "/", 404), ("POST", "/batch/x", 404),
    ):
        found = proxy.ask(method, path)
        if found != status:
            mistakes.append(f"{method} {path} is answered {found}, not {status}")
    if len(front.seen) != before:
        mistakes.append("some of it went through")
    proxy.ask("POST", "/batch/", ADDED)
    if len(front.seen) != before + 1:
        mistakes.append("a batch did not go through")
    elif found := [it for it in PLANTED.values() if it in str(front.seen[-1].headers)]:
        mistakes.append(f"{found} went on")
    return mistakes


def written(folder):
    """What nginx wrote, its logs and temporary files included."""
    found = canaries.finds(folder, [*canaries.TELLING, *PLANTED.values(), "127.0.0.1,"])
    return [f"{text} is in {file}" for text, file in found]
