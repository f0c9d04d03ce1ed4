"""How a page looks and can be used: axe, widths, colours, print, motion, the keyboard, pictures."""

SEVERE = ("serious", "critical")

# Which rules of axe are asked where; None for all of them. In another scheme, colours alone are others; in
# another width, what lies how. Colours are by far the slowest: half a minute where two cores are busy.
RULES = {
    ("desk", "light"): None,
    ("desk", "dark"): ["color-contrast", "link-in-text-block"],
    ("phone", "light"): ["target-size", "scrollable-region-focusable", "duplicate-id-aria", "meta-viewport"],
    ("phone", "dark"): [],
}

# A long table is judged by its first rows: the others are made by the same line, and there are thousands.
REPEATED = [["tbody tr:nth-child(n+8)"]]

OVERFLOW = """() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const inside = node => {
        for (let up = node.parentElement; up; up = up.parentElement)
            if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(up).overflowX)) return true;
        return false;
    };
    return [...document.querySelectorAll('body *')]
        .filter(node => node.getBoundingClientRect().right > wide + 1 && !inside(node))
        .slice(0, 3).map(node => `${node.tagName.toLowerCase()}.${node.getAttribute('class') ?? ''}#${node.id}`);
}"""

# Whether the focused element looks another way than without the focus.
FOCUS = """() => {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const style = getComputedStyle(node);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const box = node.getBoundingClientRect();
    return {
        what: `${node.tagName.toLowerCase()} ${(node.textContent || node.name || '').trim().slice(0, 30)}`,
        ring: ring || style.boxShadow !== 'none',
        seen: box.width > 0 && box.height > 0,
    };
}"""

# A date has a stop for its day, its month and its year; what is in a folded `details` has none.
FOCUSABLE = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    .filter(node => !node.disabled && node.checkVisibility({ visibilityProperty: true }))
    .length"""

MARK_AS_REACHED = "() => { document.activeElement.dataset.reached = 'yes' }"
REACHED = "() => document.querySelectorAll('[data-reached]').length"


class Looks:
    """Tries pages, and keeps their pictures."""

    def __init__(self, browser, axe, folder):
        self.browser, self.axe, self.folder = browser, axe, folder
        self.pictures = 0

    def axe_of(self, page, only=None):
        """Serious and critical findings, with everything unfolded."""
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        if not page.evaluate("typeof window.axe === 'object'"):
            page.evaluate(self.axe)
        options = {"resultTypes": ["violations"]}
        if only:
            options["runOnly"] = {"type": "rule", "values": only}
        found = page.evaluate("([where, options]) => axe.run(where, options)", [{"exclude": REPEATED}, options])
        return [
            f"{one['impact']}: {one['id']} ({one['help']}) at {one['nodes'][0]['target']}, {len(one['nodes'])} times"
            for one in found["violations"] if one["impact"] in SEVERE
        ]

    def overflow(self, page):
        """What is wider than the window."""
        found = page.evaluate(OVERFLOW)
        return [f"wider than the window: {', '.join(found)}"] if found else []

    def picture(self, page, name):
        """Keeps a picture of the whole page."""
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=self.folder / f"{name}.png", full_page=True)
            self.pictures += 1

    def schemes(self, page, name, width="desk"):
        """A page in light and in dark: axe, and pictures."""
        mistakes = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            self.picture(page, f"{name}-{width}-{scheme}")
            rules = RULES[width, scheme]
            if rules == []:
                continue
            mistakes += [f"{scheme}: {found}" for found in self.axe_of(page, rules)]
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = false)")
        grounds = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.emulate_media(color_scheme="light")
        if grounds == page.evaluate("getComputedStyle(document.body).backgroundColor"):
            mistakes.append("dark has the ground of light")
        return mistakes

    def media(self, page, name):
        """Print, reduced motion, forced colours."""
        mistakes = []
        page.emulate_media(media="print")
        self.picture(page, f"{name}-print")
        mistakes += [f"print: {found}" for found in self.overflow(page)]
        page.emulate_media(media="screen", reduced_motion="reduce")
        moving = page.evaluate(
            "document.getAnimations().filter(one => one.playState === 'running'"
            " && one.effect.getComputedTiming().duration > 10).length"
        )
        mistakes += [f"reduced motion: {moving} things move"] if moving else []
        page.emulate_media(reduced_motion="no-preference", forced_colors="active")
        self.picture(page, f"{name}-forced-colours")
        unseen = page.evaluate(
            "() => { const ground = getComputedStyle(document.body).backgroundColor;"
            " return [...document.querySelectorAll('rect.bar, rect.fill')].slice(0, 200)"
            ".map(bar => [getComputedStyle(bar), bar.matches('.unfinished')])"
            ".filter(([style, is_outlined]) => (is_outlined ? style.stroke : style.fill) === ground).length }"
        )
        mistakes += [f"forced colours: {unseen} bars have the colour of the ground"] if unseen else []
        page.emulate_media(forced_colors="none")
        return mistakes

    def keyboard(self, page):
        """Tab reaches everything, in turn, and one sees where one is."""
        mistakes = []
        wanted = page.evaluate(FOCUSABLE)
        page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
        unseen = set()
        # Three more for each date, and some for what the browser has itself.
        for _ in range(3 * wanted + 20):
            page.keyboard.press("Tab")
            found = page.evaluate(FOCUS)
            if found is None:
                break
            page.evaluate(MARK_AS_REACHED)
            if not found["ring"] or not found["seen"]:
                unseen.add(found["what"])
        reached = page.evaluate(REACHED)
        if reached < wanted:
            mistakes.append(f"Tab reaches {reached} of {wanted} things")
        if unseen:
            mistakes.append(f"{len(unseen)} things do not show the focus, such as {sorted(unseen)[:3]}")
        return mistakes
