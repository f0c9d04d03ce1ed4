// Numbers under the pointer, the finger and the arrow keys, and a page that stays fresh.
// Without this script every number is in a table, and a reload shows new ones.
"use strict";

(() => {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("role", "status");

  // A chart's periods: each has its number in a title.
  const periods = (plot) => [...plot.querySelectorAll(":scope > g")].filter((g) => g.querySelector(".reach"));

  const show = (plot, period) => {
    const title = period.querySelector("title");
    if (title) {
      // The browser would show it a second time.
      period.dataset.told = title.textContent;
      title.remove();
    }
    plot.querySelectorAll(".here").forEach((other) => other.classList.remove("here"));
    period.classList.add("here");
    tip.textContent = period.dataset.told;
    tip.hidden = false;
    const box = period.querySelector(".reach").getBoundingClientRect();
    const left = box.left + box.width / 2 - tip.offsetWidth / 2;
    const most = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(8, Math.min(left, most)) + scrollX}px`;
    tip.style.top = `${box.top - tip.offsetHeight - 8 + scrollY}px`;
  };

  const hide = () => {
    tip.hidden = true;
    document.querySelectorAll(".here").forEach((period) => period.classList.remove("here"));
  };

  const at = (event) => {
    const plot = event.target.closest?.("svg.plot");
    if (!plot) return undefined;
    const period = periods(plot).find((g) => {
      const box = g.querySelector(".reach").getBoundingClientRect();
      return event.clientX >= box.left && event.clientX < box.right;
    });
    return period && [plot, period];
  };

  const keys = (event) => {
    const plot = event.target;
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Escape") hide();
    if (step === undefined) return;
    event.preventDefault();
    const all = periods(plot);
    const here = all.findIndex((period) => period.classList.contains("here"));
    const next = here < 0 ? all.length - 1 : Math.max(0, Math.min(all.length - 1, here + step));
    if (all[next]) show(plot, all[next]);
  };

  const prepare = () => {
    document.querySelectorAll("svg.plot").forEach((plot) => {
      if (plot.dataset.ready || periods(plot).length === 0) return;
      plot.dataset.ready = "yes";
      plot.setAttribute("tabindex", "0");
      plot.addEventListener("keydown", keys);
      plot.addEventListener("focus", () => {
        const all = periods(plot);
        if (plot.matches(":focus-visible") && all.length) show(plot, all[all.length - 1]);
      });
      plot.addEventListener("blur", hide);
    });
  };

  // New numbers without a reload: the page is asked for again, and what changed takes the place of
  // what was there, unless somebody is reading a number or writing.
  const EVERY = 20000;
  // As long as the collector gives a request.
  const LONGEST = 60000;
  let last, waiting;
  let shown = new Date();

  // The content of a page that is whole: what is below it is there, and so are its numbers.
  const content = async () => {
    let answer, text;
    try {
      answer = await fetch(location.href, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(LONGEST) });
      text = await answer.text();
    } catch {
      throw new Error("The collector has not answered since.");
    }
    if (answer.redirected) throw new Error("You are signed out: reload this page to sign in again.");
    if (!answer.ok) throw new Error(`Since then, the collector answers with an error (${answer.status}).`);
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.getElementById("content");
    if (!fresh || !page.getElementById("fresh")) throw new Error("Since then, answers have been cut off.");
    if (fresh.querySelector("[data-failed]")) throw new Error("The store has not answered since.");
    return fresh;
  };

  // What somebody has written or chosen and not sent.
  const FIELDS = "input:not([type=hidden]), textarea, select";
  const sent = (field) => field.matches("select")
    ? [...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0]?.value
    : field.defaultValue;
  const fields = (main) => {
    const seen = new Map();
    return [...main.querySelectorAll(FIELDS)].map((field) => {
      const place = seen.get(field.name) ?? 0;
      seen.set(field.name, place + 1);
      return [`${field.name} ${place}`, field];
    });
  };

  const replace = (main, fresh) => {
    const open = new Set([...main.querySelectorAll("details[open]")].map(name));
    const written = new Map(fields(main).filter(([, field]) => field.value !== sent(field)).map(([key, field]) => [key, field.value]));
    const focus = document.activeElement;
    const kept = focus && main.contains(focus) ? path(focus) : undefined;
    last = fresh.innerHTML;
    main.replaceChildren(...fresh.childNodes);
    main.querySelectorAll("details").forEach((details) => {
      details.open = open.has(name(details));
    });
    fields(main).filter(([key]) => written.has(key)).forEach(([key, field]) => {
      field.value = written.get(key);
    });
    if (kept) find(kept)?.focus({ preventScroll: true });
    prepare();
  };

  // One line above the numbers while they are old, and one at the end of the page.
  const tell = (problem) => {
    const stale = document.getElementById("stale");
    const text = problem ? `These numbers are from ${shown.toLocaleTimeString()}. ${problem}` : "";
    if (stale.textContent !== text) stale.textContent = text;
    document.getElementById("fresh").textContent = problem ? "" : `Up to date at ${shown.toLocaleTimeString()}.`;
  };

  const refresh = async () => {
    if (document.hidden) return;
    if (waiting) return tell("The collector has not answered since.");
    const main = document.getElementById("content");
    waiting = true;
    try {
      const fresh = await content();
      const is_other = fresh.innerHTML !== last;
      const busy = !tip.hidden || main.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
      if (is_other && !busy) replace(main, fresh);
      if (!is_other || !busy) shown = new Date();
      tell();
    } catch (problem) {
      tell(problem.message);
    }
    waiting = false;
  };

  const name = (details) => `${details.closest("section[id]")?.id ?? ""} ${details.className}`;
  const path = (element) => [element.closest("section[id]")?.id, element.tagName, element.getAttribute("href")];
  const find = ([section, tag, href]) => {
    const within = (section && document.getElementById(section)) || document.getElementById("content");
    return [...within.querySelectorAll(tag)].find((element) => element.getAttribute("href") === href);
  };

  document.addEventListener("pointermove", (event) => {
    const found = at(event);
    if (found) show(...found);
    else if (!document.activeElement?.matches?.("svg.plot")) hide();
  });
  document.addEventListener("pointerdown", (event) => {
    const found = at(event);
    if (found) show(...found);
  });
  document.body.append(tip);
  const main = document.getElementById("content");
  last = main?.innerHTML;
  prepare();
  if (main?.dataset.live) {
    setInterval(refresh, EVERY);
    document.addEventListener("visibilitychange", () => document.hidden || refresh());
  }
})();
