"""A page of which a part is held back: what is above its numbers comes, and the rest once it is let go."""

import contextlib
import socket
import threading

from browser import until

# The header of a page, and the last words before what is counted.
PAGE = b"content-type: text/html"
ABOVE = b'class="counting"'
LONGEST_S = 30

COUNTING = "!!document.querySelector('.counting')?.checkVisibility({ visibilityProperty: true })"
PAINTED = "performance.getEntriesByName('first-contentful-paint').length > 0"


class Held:
    """A relay to a collector that holds the rest of every page back."""

    def __init__(self, url):
        host, port = url.removeprefix("http://").split(":")
        self.collector = host, int(port)
        self.let_go, self.is_cut = threading.Event(), False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.let_go.set()
        self.listener.close()

    def cut(self):
        """Ends the answers that are held, as a collector does that is killed."""
        self.is_cut = True
        self.let_go.set()

    def _accept(self):
        while True:
            try:
                browser, _ = self.listener.accept()
            except OSError:
                return
            collector = socket.create_connection(self.collector)
            threading.Thread(target=self._pass, args=(browser, collector), daemon=True).start()
            threading.Thread(target=self._answer, args=(collector, browser), daemon=True).start()

    @staticmethod
    def _pass(browser, collector):
        try:
            while data := browser.recv(65_536):
                collector.sendall(data)
            collector.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _answer(self, collector, browser):
        came, is_held = b"", False
        try:
            while data := collector.recv(65_536):
                came += data
                end = 0 if is_held else self._above(came)
                if end:
                    browser.sendall(came[:end])
                    came, is_held = came[end:], True
                    self.let_go.wait(LONGEST_S)
                    if self.is_cut:
                        break
                # An answer that has nothing above its numbers is small, or has its length.
                if is_held or PAGE not in came:
                    browser.sendall(came)
                    came = b""
            browser.sendall(b"" if self.is_cut else came)
        except OSError:
            pass
        for stream in (browser, collector):
            # Another thread may be reading it: then closing it alone ends nothing.
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)
            stream.close()

    @staticmethod
    def _above(came):
        """How many bytes are above the numbers, once all of them are there."""
        place = came.find(ABOVE)
        end = came.find(b"</p>", place) if place >= 0 else -1
        return end + len(b"</p>") if end >= 0 else 0


def counting(site, browser, looks):
    """What a person sees while a store counts for long: the head of the page, and that the numbers follow."""
    mistakes = []
    for path in ("/", "/product/assembly?days=60"):
        for width in ("desk", "phone"):
            with Held(site.url) as held:
                page = browser.window(width, also=held.url)
                page.goto(held.url + path, wait_until="commit")
                until(page, COUNTING)
                until(page, PAINTED)
                if not page.locator("h1").is_visible() or page.locator("section.panel, footer").count():
                    mistakes.append(f"{path}: more or less than the head is there while it is counted")
                looks.picture(page, f"counting-{'overview' if path == '/' else 'product'}-{width}")
                held.let_go.set()
                page.wait_for_load_state("load")
                if page.evaluate(COUNTING) or not page.locator("section.panel").count():
                    mistakes.append(f"{path}: the numbers did not take the place of what said that they follow")
                mistakes += page.complaints
                page.context.close()
    return mistakes + cut(site, browser)


def cut(site, browser):
    """A page whose second part never comes says what to do, and does not look like a whole one."""
    with Held(site.url) as held:
        page = browser.window(also=held.url)
        page.goto(held.url + "/product/assembly", wait_until="commit")
        until(page, COUNTING)
        with page.expect_event("requestfailed"):
            held.cut()
        text = page.locator(".counting").inner_text()
        is_told = page.evaluate(COUNTING) and "reload this page" in text
        mistakes = [] if is_told else ["a page that was cut off does not say what to do"]
        mistakes += ["a page that was cut off has a footer"] if page.locator("footer").count() else []
        page.context.close()
    return mistakes


def fresh(browser):
    """Numbers that are not refreshed say at the top how old they are, and why; what is written and not sent stays."""
    mistakes = []
    page = browser.window()
    page.clock.install()
    browser.open(page, "/product/assembly?days=28")
    day = page.locator("input[name=from]")
    day.fill("2026-11-01")
    day.blur()
    # Those of the tiles, and those of a panel.
    for questions in page.locator("details.source summary").all()[:2]:
        questions.click()
    stale = page.locator("#stale")

    def refreshed(answer, expected):
        """The page is asked for again, and answered so; waits until it says what is expected."""
        page.route("**/product/**", answer)
        page.clock.fast_forward(21_000)
        try:
            until(page, expected, 10)
        except TimeoutError as error:
            mistakes.append(str(error))
        page.unroute("**/product/**")

    def other_numbers(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", "<p id=changed>7</p></main>"))

    says = "document.getElementById('stale').textContent.includes('{}')".format
    refreshed(other_numbers, "!!document.getElementById('changed')")
    if day.input_value() != "2026-11-01":
        mistakes.append("a day that was chosen and not sent is gone after new numbers")
    if page.locator("details.source[open]").count() != 2:
        mistakes.append("what was unfolded is folded after new numbers")
    refreshed(lambda route: route.abort(), says("The collector has not answered since."))
    if not stale.is_visible() or stale.bounding_box()["y"] > page.viewport_size["height"]:
        mistakes.append("that numbers are old is not seen at the top of the window")
    refreshed(lambda route: route.fulfill(status=503, body="no"), says("answers with an error (503)"))
    refreshed(lambda route: route.fulfill(body="<main id=content><p>above", content_type="text/html"),
              says("answers have been cut off"))
    refreshed(lambda route: route.continue_(), "document.getElementById('stale').textContent === ''")
    page.context.close()
    return mistakes
