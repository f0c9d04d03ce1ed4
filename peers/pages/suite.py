"""The pages in a real browser, over what `headcount demo` has played.

    python3 suite.py HEADCOUNT CHROMIUM AXE [--pictures FOLDER] [--demo FOLDER]

HEADCOUNT is the binary, AXE the file `axe.min.js`. A picture of every state goes to the one folder; the other is what
`headcount demo --keep` has left, so that nothing is played anew. `.ci/pages` calls it.

Nothing here is a list of panels: they are found by their structure. A panel is a `section.panel` with an id and
a heading; its numbers as data are `a[data-format=json]` and `a[data-format=csv]`; its table is the same for whoever
sees no chart.
"""

import argparse
import datetime
import pathlib
import statistics
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import doors
import held
from browser import PANELS, Browser, until
from brute import Brute
from looks import Looks
from numbers_of import Numbers
from site_of import Site
from stage.report import Report

# A page before its data: its HTML without events, its style, its script and its icon.
PAGE_BYTES = 100_000
DAYS = 60
PAINT_LONGEST_MS = 1_000


class Suite:
    """Everything, in the order of somebody who comes for the first time."""

    def __init__(self, site, browser, looks, report):
        self.site, self.browser, self.looks, self.report = site, browser, looks, report
        self.products = sorted(site.catalogs)
        self.brutes = {it: Brute(site.catalogs[it], site.events(it)) for it in self.products}
        self.numbers = Numbers(site, self.brutes)

    def all(self):
        """All of it."""
        report = self.report
        mistakes, self.browser.signed_in = doors.sign_in(self.browser, self.site.password)
        report.check("sign-in by the keyboard alone, and no cookie before it", mistakes)
        if not self.browser.signed_in:
            return
        for product in self.products:
            report.attempt(f"{product}: every panel's numbers", lambda: self._numbers(product))
        told = ", ".join(f"{count} times {what}" for what, count in self.numbers.compared.items())
        left = ", ".join(f"{count} times {what}" for what, count in self.numbers.left_out.items())
        print(f"            compared: {told}\n            not compared: {left or 'nothing'}")
        report.attempt("the page, its data and the events were compared at all", self._compared)
        report.attempt("a range, one version, no or another comparison: the same numbers again", self._chosen)
        report.attempt("other days to compare with: chosen without a script, said, and not drawn where nothing is known",
                       self._comparison)
        for product in self.products[:2]:
            report.attempt(f"{product}: every choice is in the address", lambda: self._choices(product))
        report.attempt("addresses with nonsense are ordinary pages",
                       lambda: doors.nonsense(self.site, self.browser))
        self.pages = self._pages()
        print(f"            pages: {' '.join(self.pages)}")
        report.attempt("policy and cookies of every page", self._headers)
        for path in self.pages:
            report.attempt(f"{path}: axe, light, dark, phone, complaints", lambda: self._looks(path))
        report.attempt("print, reduced motion, forced colours", self._media)
        report.attempt("everything can be reached by Tab, and shows the focus", self._keyboard)
        report.attempt("without a script there are the same panels and numbers", self._without_script)
        report.attempt("states: nothing in these days, a stranger, no such product", self._states)
        report.attempt("while the store counts, the page is there and says so; one that is cut off is not whole",
                       lambda: held.counting(self.site, self.browser, self.looks))
        report.attempt("old numbers say so at the top, and what is written stays", lambda: held.fresh(self.browser))
        report.attempt("a page before its data is at most 100 KB", self._weight)
        report.attempt("first paint", self._paint)
        if self.looks.folder:
            print(f"            {self.looks.pictures} pictures")

    def panels(self, path):
        """The panels of a page, and what it complained of."""
        page = self.browser.window()
        answer = self.browser.open(page, path)
        found = page.evaluate(PANELS)
        complaints = list(page.complaints) + ([] if answer.status == 200 else [f"{path}: {answer.status}"])
        page.context.close()
        return found, complaints

    def _numbers(self, product, query=f"days={DAYS}"):
        panels, mistakes = self.panels(f"/product/{product}?{query}")
        ids = [panel["id"] for panel in panels if panel["id"]]
        titles = [panel["whole"] for panel in panels]
        mistakes += [f"no panel in the page of {product}"] if not ids else []
        mistakes += [f"two panels have the id {it}" for it in {*ids} if ids.count(it) > 1]
        mistakes += [f"two panels are called {it!r}" for it in {*titles} if titles.count(it) > 1]
        for panel in panels:
            if panel["id"] and panel["links"]:
                mistakes += self.numbers.panel(product, panel)
            if panel["drawn"] and not panel["tables"]:
                mistakes.append(f"#{panel['id']} is drawn, and has no table")
        return mistakes

    def _compared(self):
        wanted = {"JSON with CSV": 40, "API with events": 30, "page with API": 20, "days to compare with": 4,
                  "durations by value": 2}
        return [
            f"{what}: {self.numbers.compared[what]} times, not {least} at least"
            for what, least in wanted.items() if self.numbers.compared[what] < least
        ]

    def _chosen(self):
        mistakes = []
        for query in ("days=7", "from=2026-01-01&to=2026-01-31", "days=30&compare=no", f"days={DAYS}&version=1.5.0",
                      "days=7&compare=year", self._any_day(), f"days={DAYS}&step=command_run&step=command_run"):
            mistakes += self._numbers("assembly", query)
        # Steps are counted once somebody has chosen them.
        mistakes += self._numbers("atomcode", f"days={DAYS}&step=open_atomcode&step=llm_chat")
        mistakes += self._numbers("atomcode", f"days={DAYS}&after=open_atomcode&after=llm_chat")
        mistakes += self._numbers("assembly", "days=7&after=command_run:command:assembly%20transcribe&pause=1440")
        return mistakes

    def _any_day(self):
        """A week that is compared with one four weeks before today."""
        return f"days=7&compare={datetime.date.today() - datetime.timedelta(28)}"

    def _comparison(self):
        """The form compares without a script, and every chart says with which days."""
        mistakes = []
        page = self.browser.window(java_script_enabled=False)
        self.browser.open(page, "/product/assembly?days=7&version=1.5.0")
        day = self._any_day().split("compare=")[1]
        page.fill("input[name=compare]", day)
        page.click(".compared button")
        page.wait_for_load_state()
        for wanted in (f"compare={day}", "days=7", "version=1.5.0"):
            mistakes += [] if wanted in page.url else [f"{page.url} has no {wanted}"]
        legend = page.locator("#events .legend").inner_text()
        shown = datetime.date.fromisoformat(day)
        if f"{shown.day} {shown:%b} to " not in legend:
            mistakes.append(f"the legend says {legend!r}, and not the day {day}")
        page.click(".compared nav >> text=A year before")
        page.wait_for_load_state()
        mistakes += [] if "compare=year" in page.url else [f"a year before is {page.url}"]
        if "all before the first event" not in page.locator(".headline").inner_text():
            mistakes.append("a year before the demo is not said to be before its first event")
        if page.locator("#events rect.behind").count():
            mistakes.append("days before the first event are drawn")
        self.browser.open(page, "/product/assembly?days=7&compare=2026-02-30")
        if "or a day that has begun" not in page.locator(".headline").inner_text():
            mistakes.append("a day that there is not is compared with")
        mistakes += page.complaints
        page.context.close()
        return mistakes

    def _choices(self, product):
        mistakes, kinds = doors.choices(self.browser, product)
        print(f"            {product} can be asked by {', '.join(kinds)}")
        return mistakes

    def _pages(self):
        """Every page that a link leads to, once for each path."""
        page = self.browser.window()
        found, waiting = {"/sign-in": None}, ["/"]
        while waiting:
            path = waiting.pop(0)
            place = urllib.parse.urlsplit(path).path
            if place in found or place.startswith(("/api/", "/metrics")):
                continue
            answer = self.browser.open(page, path)
            if "html" not in answer.headers.get("content-type", ""):
                continue
            found[place] = path
            waiting += page.evaluate(
                "[...document.querySelectorAll('a[href^=\"/\"]')].map(link => link.getAttribute('href'))"
            )
        for product in self.products:
            place = f"/public/{product}"
            if place not in found and self.site.get(place, token=False)[0] == 200:
                found[place] = place
        page.context.close()
        return sorted(found)

    def _headers(self):
        return [mistake for path in self.pages for mistake in doors.headers(self.site, path)]

    def _looks(self, path):
        name = path.strip("/").replace("/", "-") or "overview"
        full = f"{path}?days={DAYS}" if path.startswith("/product/") else path
        is_open = path == "/sign-in" or path.startswith("/public/")
        mistakes = []
        for width in ("desk", "phone"):
            page = self.browser.window(width, signed_in=not is_open)
            self.browser.open(page, full)
            mistakes += [f"{width}: {found}" for found in self.looks.overflow(page)]
            mistakes += [f"{width}, {found}" for found in self.looks.schemes(page, name, width)]
            mistakes += page.complaints
            if is_open and page.context.cookies():
                mistakes.append("it sets a cookie")
            page.context.close()
        return mistakes

    def _media(self):
        mistakes = []
        for path in ("/", f"/product/assembly?days={DAYS}"):
            page = self.browser.window()
            self.browser.open(page, path)
            mistakes += self.looks.media(page, "overview" if path == "/" else "product-assembly")
            page.context.close()
        return mistakes

    def _keyboard(self):
        mistakes = []
        for path in ("/", "/product/atomic?days=30"):
            page = self.browser.window()
            self.browser.open(page, path)
            mistakes += [f"{path}: {found}" for found in self.looks.keyboard(page)]
            page.context.close()
        return mistakes

    def _without_script(self):
        mistakes = []
        for path in ("/", f"/product/assembly?days={DAYS}"):
            found = {}
            for has_script in (True, False):
                page = self.browser.window(java_script_enabled=has_script)
                self.browser.open(page, path)
                found[has_script] = page.locator("section.panel").count(), page.locator("td").all_text_contents()
                page.context.close()
            if found[True] != found[False]:
                mistakes.append(f"{path} has other panels or numbers without a script")
        return mistakes

    def _states(self):
        mistakes = []
        for name, path, status in [
            ("nothing", "/product/assembly?from=2020-01-01&to=2020-01-07", 200), ("unknown", "/product/nobody", 404),
        ]:
            for width in ("desk", "phone"):
                page = self.browser.window(width)
                answer = self.browser.open(page, path)
                mistakes += [f"{path}: {answer.status}"] if answer.status != status else []
                mistakes += self.looks.overflow(page) + self.looks.schemes(page, name, width)
                page.context.close()
        status, _, _ = self.site.get("/product/assembly", token=False)
        return mistakes + ([] if status == 200 else [f"a stranger is answered with {status}"])

    def _weight(self):
        page = self.browser.window()
        sizes = []
        page.on("response", lambda answer: sizes.append((answer.url, len(answer.body()))))
        self.browser.open(page, "/product/assembly?from=2020-01-01&to=2020-01-01")
        page.wait_for_load_state("networkidle")
        page.context.close()
        own = [(url, size) for url, size in sizes if "/api/" not in url]
        size = sum(size for _, size in own)
        data = len(self.site.get(f"/product/assembly?days={DAYS}")[2].encode())
        print(f"            {size} bytes before data; {data} bytes of HTML with {DAYS} days of data")
        return [f"{size} bytes: {own}"] if size > PAGE_BYTES else []

    def _paint(self):
        mistakes = []
        for path in ("/", f"/product/assembly?days={DAYS}"):
            times = []
            for _ in range(3):
                page = self.browser.window()
                self.browser.open(page, path)
                until(page, "performance.getEntriesByName('first-contentful-paint').length > 0")
                times.append(page.evaluate(
                    "performance.getEntriesByName('first-contentful-paint')[0].startTime"))
                page.context.close()
            print(f"            {path}: {statistics.median(times):.0f} ms, the median of 3")
            mistakes += [f"{path}: {times} ms"] if statistics.median(times) > PAINT_LONGEST_MS else []
        return mistakes


def main(given):
    """The whole suite; the exit code."""
    report = Report()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="headcount-pages-") as scratch:
        site = Site(given.headcount, pathlib.Path(scratch), given.demo)
        print(f"            the demo and its collector took {time.monotonic() - began:.0f} s")
        try:
            browser = Browser(given.chromium, site.url)
            looks = Looks(browser, given.axe.read_text(), given.pictures)
            try:
                Suite(site, browser, looks, report).all()
            finally:
                browser.close()
        finally:
            ended = site.stop()
        report.check("the collector ends in order", [] if ended == 0 else [f"it ended with {ended}"])
    return report.end()


if __name__ == "__main__":
    words = argparse.ArgumentParser()
    words.add_argument("headcount")
    words.add_argument("chromium")
    words.add_argument("axe", type=pathlib.Path)
    words.add_argument("--pictures", type=pathlib.Path)
    words.add_argument("--demo", type=pathlib.Path)
    sys.exit(main(words.parse_args()))
