"""Debian's Chromium, and what every page is watched for."""

import time
import urllib.parse

from playwright.sync_api import sync_playwright

WIDTHS = {"desk": (1200, 900), "phone": (390, 844)}

# Every panel as it is in the page: what it is called, where its numbers are, and its tables.
PANELS = r"""() => [...document.querySelectorAll('section.panel')].map(panel => ({
    id: panel.id,
    heading: (panel.querySelector('h2, h3')?.firstChild?.textContent ?? '').trim(),
    whole: (panel.querySelector('h2, h3')?.textContent ?? '').trim(),
    links: [...panel.querySelectorAll('a[data-format]')].map(link =>
        ({format: link.dataset.format, href: link.getAttribute('href')})),
    cut: /[0-9,]+ of [0-9,]+( [a-z]+)?\./.test(panel.textContent),
    drawn: panel.querySelectorAll('svg').length,
    tables: [...panel.querySelectorAll('table')].map(table => ({
        head: [...table.querySelectorAll('thead th, thead td')].map(cell => cell.textContent.trim()),
        rows: [...table.querySelectorAll('tbody tr')].map(row => [...row.children].map(cell => ({
            text: [...cell.childNodes].filter(part => !part.classList?.contains('aside'))
                .map(part => part.textContent).join('').trim(),
            title: cell.title ?? '',
            number: cell.classList.contains('number'),
        }))),
        inside: !!table.closest('details'),
    })),
}))"""


def until(page, expression, seconds=20):
    """Waits until an expression of the page is true. Playwright's own way evaluates text in the page, which the
    page's policy forbids."""
    last = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > last:
            raise TimeoutError(f"this was not true after {seconds} s: {expression}")
        page.wait_for_timeout(20)


class Browser:
    """One Chromium, with a window for each thing that is tried."""

    def __init__(self, program, url):
        self.url = url
        self.host = urllib.parse.urlsplit(url).netloc
        self.playwright = sync_playwright().start()
        self.chromium = self.playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]
        )
        self.signed_in = None

    def close(self):
        """Ends it."""
        self.chromium.close()
        self.playwright.stop()

    def window(self, width="desk", signed_in=True, also=None, **options):
        """A page in a context of its own, whose requests and complaints are kept. It may ask the collector, and
        what stands at the address `also`."""
        size = dict(zip(("width", "height"), WIDTHS[width]))
        state = {"storage_state": self.signed_in} if signed_in and self.signed_in else {}
        context = self.chromium.new_context(
            viewport=size, locale="en-GB", timezone_id="Pacific/Auckland", **state, **options
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.complaints = []
        hosts = {self.host, urllib.parse.urlsplit(also or self.url).netloc}
        page.on("request", lambda request: self._watch(page, request, hosts))
        page.on("console", lambda said: self._hear(page, said))
        page.on("pageerror", lambda error: page.complaints.append(f"script: {error}"))
        return page

    def open(self, page, path):
        """Goes to a path; the response."""
        return page.goto(self.url + path, wait_until="load")

    @staticmethod
    def _watch(page, request, hosts):
        there = urllib.parse.urlsplit(request.url)
        if there.scheme not in ("data", "blob") and there.netloc not in hosts:
            page.complaints.append(f"a request to {there.netloc}")

    @staticmethod
    def _hear(page, said):
        # That a page is not there is tried on purpose.
        if said.type in ("error", "warning") and "Failed to load resource" not in said.text:
            page.complaints.append(f"{said.type}: {said.text}")
