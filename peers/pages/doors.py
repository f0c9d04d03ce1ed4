"""Signing in by the keyboard alone, what is sent with a page, cookies, addresses."""

import re
import urllib.parse

from browser import until
from site_of import READER

# What a policy must say, so that nothing of another host, and no text in a page, is ever run.
POLICY = {"default-src": {"'none'"}, "script-src": {"'self'", "'none'"}, "base-uri": {"'none'"}, "frame-ancestors": {"'none'"}}
MARKUP = "<script>alert(7)</script>"

NONSENSE = [
    "/?days=-5", "/?days=999999999999", "/product/assembly?from=0001-01-01&to=9999-12-31",
    "/product/assembly?from=2026-11-20&to=2026-11-01", "/product/assembly?from=yesterday&to=%00",
    f"/product/assembly?version={urllib.parse.quote(MARKUP)}",
    f"/product/assembly?where={urllib.parse.quote(MARKUP)}&where=command",
    f"/product/assembly?{urllib.parse.quote(MARKUP)}=1&days=7&days=9",
    f"/product/{urllib.parse.quote(MARKUP)}", "/product/nobody", "/product/", "/nowhere",
    f"/?product={urllib.parse.quote(MARKUP)}", f"/sign-in?to={urllib.parse.quote('//other.example/')}",
    f"/sign-in?to={urllib.parse.quote(MARKUP)}", "/product/assembly?days=7&compare=perhaps",
    "/product/archon?from=1999-01-01&to=1999-01-01", "/product/assembly?" + "where=command:x&" * 300,
    "/public/nobody", f"/public/{urllib.parse.quote(MARKUP)}", "/public/atomic",
]


def sign_in(browser, password):
    """By Tab, letters and Enter; what is wrong, and the state of the browser after it."""
    page = browser.window(signed_in=False)
    browser.open(page, "/product/assembly?days=7")
    mistakes = []
    if page.context.cookies():
        mistakes.append("there is a cookie before the sign-in")
    if urllib.parse.urlsplit(page.url).path != "/sign-in":
        return [f"a stranger is at {page.url}"], None
    for secret in ("wrong", password):
        # The field for the name has the focus when the page comes.
        until(page, "document.activeElement?.name === 'name'")
        page.keyboard.type(READER)
        page.keyboard.press("Tab")
        page.keyboard.type(secret)
        if secret != password and page.context.cookies():
            mistakes.append("a form that is filled in sets a cookie")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if secret != password:
            if page.context.cookies():
                mistakes.append("a wrong password sets a cookie")
            if not page.locator("[role=alert]").count():
                mistakes.append("a wrong password is not told")
    if not page.url.endswith("/product/assembly?days=7"):
        mistakes.append(f"after the sign-in it is {page.url}")
    cookies = page.context.cookies()
    if len(cookies) != 1 or not cookies[0]["httpOnly"] or cookies[0]["sameSite"] != "Lax":
        mistakes.append(f"the cookies are {cookies}")
    mistakes += page.complaints
    state = page.context.storage_state()
    page.context.close()
    return mistakes, state


def headers(site, path):
    """What is wrong with the headers of a page."""
    _, found, _ = site.get(path)
    policy = found.get("content-security-policy", "")
    parts = {}
    for one in filter(None, map(str.split, policy.split(";"))):
        parts[one[0]] = set(one[1:])
    mistakes = []
    for name, allowed in POLICY.items():
        if name not in parts and name == "script-src":
            continue
        if not parts.get(name) or not parts[name] <= allowed:
            mistakes.append(f"{path}: the policy has {name} {parts.get(name)}")
    everything = " ".join(" ".join(values) for values in parts.values())
    for bad in ("unsafe-inline", "unsafe-eval", "*", "http:", "https:"):
        if bad in everything:
            mistakes.append(f"{path}: the policy has {bad}")
    if found.get("x-content-type-options") != "nosniff":
        mistakes.append(f"{path}: no x-content-type-options")
    if "set-cookie" in found:
        mistakes.append(f"{path}: a page sets a cookie")
    return mistakes


def nonsense(site, browser):
    """Every address is an ordinary page, and gives nothing back as markup."""
    mistakes = []
    page = browser.window()
    for path in NONSENSE:
        page.complaints.clear()
        answer = browser.open(page, path)
        body = answer.text()
        if answer.status not in (200, 400, 404):
            mistakes.append(f"{path[:80]} is answered with {answer.status}")
        if MARKUP in body:
            mistakes.append(f"{path[:80]} gives markup back")
        if "html" in answer.headers.get("content-type", "") and not re.search("<main", body):
            mistakes.append(f"{path[:80]} is not a page like the others")
        mistakes += [f"{path[:80]}: {one}" for one in page.complaints]
    page.context.close()
    return mistakes


def shown(page):
    """What a page shows, without how fresh it is."""
    return page.evaluate("document.querySelector('main').innerText.replace(/\\s+/g, ' ')")


def choices(browser, product):
    """Each choice is in the address, and a copied address shows the same page."""
    page = browser.window()
    browser.open(page, f"/product/{product}?days=60")
    base = f"/product/{product}"
    links = page.evaluate(
        "base => [...new Set([...document.querySelectorAll('main a[href]')].map(link => link.getAttribute('href'))"
        ".filter(href => href.startsWith(base + '?')))]", base,
    )
    mistakes, kinds = [], {}
    for href in links:
        names = frozenset(name for name, _ in urllib.parse.parse_qsl(urllib.parse.urlsplit(href).query))
        kinds.setdefault(names, href)
    if len(links) < 4:
        mistakes.append(f"only {len(links)} choices in {base}")
    other = browser.window()
    for href in kinds.values():
        browser.open(page, href)
        browser.open(other, page.url.removeprefix(browser.url))
        if shown(page) != shown(other):
            mistakes.append(f"{href} is another page when it is copied")
        wanted = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(href).query))
        for name in ("days", "version", "compare", "from", "to"):
            if name in wanted and f"{name}={wanted[name]}" not in page.url:
                mistakes.append(f"{href} becomes {page.url}")
    mistakes += page.complaints + other.complaints
    page.context.close()
    other.context.close()
    return mistakes, sorted({"+".join(sorted(names)) for names in kinds})
