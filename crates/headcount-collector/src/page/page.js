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
  let failed, last;

    // The content of a page that is whole: what is below it is there, and so are its numbers.
  const content = async () => {
    let answer, text;
    try {
      answer = await fetch(location.href, { headers: { accept: "text/html" } });
      text = await answer.text();
    } catch {
      throw new Error("the collector does not answer");
    }
    if (answer.redirected) throw new Error("you are signed out: reload this page");
    if (!answer.ok) throw new Error(`the collector answered with ${answer.status}`);
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.getElementById("content");
    if (!fresh || !page.getElementById("fresh")) throw new Error("the answer was cut off");
    if (fresh.querySelector("[data-failed]")) throw new Error("the store cannot answer");
    return fresh;
  };

  const replace = (main, fresh) => {
    const open = new Set([...main.querySelectorAll("section[id] details[open]")].map(name));
    const focus = document.activeElement;
    const kept = focus && main.contains(focus) ? path(focus) : undefined;
    last = fresh.innerHTML;
    main.replaceChildren(...fresh.childNodes);
    main.querySelectorAll("section[id] details").forEach((details) => {
      details.open = open.has(name(details));
    });
    if (kept) find(kept)?.focus({ preventScroll: true });
    prepare();
  };

  const refresh = async () => {
    const main = document.getElementById("content");
    const busy = !tip.hidden || main.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
    if (document.hidden || busy) return;
    const line = document.getElementById("fresh");
    try {
      const fresh = await content();
      failed = undefined;
      if (fresh.innerHTML !== last) replace(main, fresh);
      line.textContent = `Up to date at ${new Date().toLocaleTimeString()}.`;
    } catch (problem) {
      failed ??= new Date();
      line.textContent = `Not up to date since ${failed.toLocaleTimeString()}: ${problem.message}.`;
    }
    line.classList.toggle("stale", failed !== undefined);
  };

  const name = (details) => `${details.closest("section[id]").id} ${details.className}`;
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
