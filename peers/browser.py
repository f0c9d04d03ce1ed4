"""A real browser: what a page of another origin can send to the collector, and what not."""

import datetime
import json
import queue
import shutil
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from stage import waiting
from stage.collector import Collector
from stage.install import HERE
from stage.report import differences

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

# "blocked" where the answer may not be read: at a path without a preflight it arrives, and is refused.
HEARD = {
    "beacon": True,
    "beacon of text": True,
    "xhr": 200,
    "fetch": 200,
    "fetch of text": 200,
    "datadog": 202,
    "datadog without a key": 403,
    "task": "blocked",
    "native": "blocked",
    "metrics": "blocked",
}

# Of five captures each is stored; of the logs only the one with a key is looked at.
OUTCOMES = {("archon", "stored", ""): 5, ("assembly", "rejected", "unknown-event"): 1}


def check(report, programs, installed, folder):
    """The whole part."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        report.skip("a page of another origin", "there is no Chromium on this machine")
        return
    folder = folder / "browser"
    catalogs = folder / "catalogs"
    catalogs.mkdir(parents=True)
    for product in ["archon", "assembly", "clacky"]:
        shutil.copy(HERE.parent / "examples" / product / "telemetry.toml", catalogs / f"{product}.toml")
    collector = Collector(programs / "headcount", catalogs, folder / "collector")
    try:
        heard = visit(browser, collector.url, folder)
        report.check("a page of another origin hears what it may", differences(HEARD, heard))
        # Nobody hears when a beacon has arrived.
        waiting.until(lambda: sum(collector.outcomes().values()) >= 6, 20, "the beacons")
        report.check(
            "and nothing else of it is taken in", differences(OUTCOMES, collector.outcomes())
        )
    finally:
        collector.stop()


def visit(browser, url, folder):
    """Opens the page, from an origin of its own, and returns what it heard."""
    heard = queue.Queue()

    class Page(BaseHTTPRequestHandler):
        """Serves the page and takes its word."""

        def do_GET(self):
            page = (HERE / "browser.html").read_bytes()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def do_POST(self):
            heard.put(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    query = urllib.parse.urlencode(
        {"to": url, "time": now, "id": "01a1fb82-7b1b-7333-8a97-c6ca4609a50"}
    )
    # Another host, so another site: the collector is at 127.0.0.1.
    page = f"http://localhost:{server.server_port}/?{query}"
    process = subprocess.Popen(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
        + ["--no-first-run", "--remote-debugging-port=0", page],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
    )
    try:
        return heard.get(timeout=60)
    finally:
        process.terminate()
        process.wait(20)
        server.shutdown()
