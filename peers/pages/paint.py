"""How soon a page is painted, beside an empty page with the same policy, in turns.

    python3 peers/pages/paint.py CHROMIUM [--rounds N] URL …

The collector behind the addresses is one that runs with `--development`, on whatever folder. Three ways to a page,
since a browser does other work for each:

    fresh   a browser that has just been started
    open    one that has been open for two seconds and a half, as people have it
    next    from one of the addresses to the next, in one window

Times are milliseconds from the start of the navigation to `first-paint`, as the browser measures it.
"""

import argparse
import http.server
import pathlib
import statistics
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from browser import until
from playwright.sync_api import sync_playwright

EMPTY = b"<!DOCTYPE html><title>Empty</title><p>Empty"
OPEN_S = 2.5
PAINTED = "performance.getEntriesByName('first-paint').length > 0"
PAINT = "performance.getEntriesByName('first-paint')[0].startTime"
FIRST_BYTE = "performance.getEntriesByType('navigation')[0].responseStart"


class EmptyPage(http.server.BaseHTTPRequestHandler):
    """What nothing can be painted sooner than. A browser opens a process for it, too, because it wants no opener."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(EMPTY)))
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.end_headers()
        self.wfile.write(EMPTY)

    def log_message(self, *_):
        pass


class Paints:
    """The times of each way and address."""

    def __init__(self, playwright, program, urls):
        self.playwright, self.program, self.urls = playwright, program, urls
        self.taken = {}

    def rounds(self, count):
        """So many rounds, every second one in the other order."""
        for number in range(count):
            urls = self.urls if number % 2 == 0 else self.urls[::-1]
            for url in urls:
                self._alone("fresh", url, 0)
                self._alone("open", url, OPEN_S)
            self._in_turn(urls)

    def _start(self):
        chromium = self.playwright.chromium.launch(executable_path=self.program, args=["--no-sandbox"])
        return chromium, chromium.new_context(viewport={"width": 1200, "height": 900}).new_page()

    def _alone(self, way, url, seconds):
        chromium, page = self._start()
        # Not to await something, but to be somebody who has had the browser open.
        time.sleep(seconds)
        self._take(way, page, url)
        chromium.close()

    def _in_turn(self, urls):
        chromium, page = self._start()
        page.goto(urls[-1])
        for url in urls:
            self._take("next", page, url)
        chromium.close()

    def _take(self, way, page, url):
        page.goto(url)
        until(page, PAINTED)
        self.taken.setdefault((way, url), []).append((page.evaluate(PAINT), page.evaluate(FIRST_BYTE)))


def main(given):
    """Measures, and prints a table."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), EmptyPage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    empty = f"http://127.0.0.1:{server.server_port}/"
    with sync_playwright() as playwright:
        paints = Paints(playwright, given.chromium, [empty, *given.urls])
        paints.rounds(given.rounds)
    server.shutdown()
    print(f"{'':6}{'first paint':>12}{'fastest':>9}{'slowest':>9}{'first byte':>12}{'to empty':>10}")
    for (way, url), taken in sorted(paints.taken.items()):
        painted, first_byte = ([one[place] for one in taken] for place in (0, 1))
        middle = statistics.median(painted)
        ratio = middle / statistics.median(one for one, _ in paints.taken[way, empty])
        name = "an empty page" if url == empty else url
        print(f"{way:6}{middle:12.0f}{min(painted):9.0f}{max(painted):9.0f}{statistics.median(first_byte):12.0f}"
              f"{ratio:10.2f}  {name}")


if __name__ == "__main__":
    words = argparse.ArgumentParser()
    words.add_argument("chromium")
    words.add_argument("urls", nargs="+", metavar="URL")
    words.add_argument("--rounds", type=int, default=11)
    main(words.parse_args())
