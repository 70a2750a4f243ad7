// When elements are shown: by their attributes after, scroll, share and cooldown. A script of its own, for pages that use them.
// An element that waits keeps its place; one that will not be shown takes none.
import { settings } from "./settings.js";

export { configure } from "./settings.js";

const NAME = "feelback-display";
const RULES = ["after", "scroll", "share", "cooldown"];
const DAY = 864e5;
const known = new WeakSet();
const shownHere = new Set(); // widgets that this page view shows, of which there may be several elements
let address;

function area() {
  try {
    return globalThis[settings.store + "Storage"]; // undefined for "none"; throws where the browser forbids it
  } catch {}
}

function read() {
  try {
    return JSON.parse(area()?.getItem(NAME)) ?? {};
  } catch {
    return {};
  }
}

// What is remembered of a widget: whether its visitor is among the share, and when it was shown last.
function remember(widget, changes) {
  const state = read();
  state[widget] = { ...state[widget], ...changes };
  try {
    area()?.setItem(NAME, JSON.stringify(state));
  } catch {}
}

// The number of an attribute; a missing one, or one that is no number from 0, is no rule.
function number(element, name) {
  const text = element.getAttribute(name);
  return text?.trim() && +text >= 0 ? +text : undefined;
}

function isExcluded(element, widget) {
  const share = number(element, "share"), cooldown = number(element, "cooldown");
  const { draw = Math.random() * 100, shown } = read()[widget] ?? {};
  if (share !== undefined) remember(widget, { draw });
  return draw >= (share ?? 101) || (cooldown !== undefined && !shownHere.has(widget) && Date.now() < shown + cooldown * DAY);
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1e3));

// Until so many percent of the page have been seen, or the element has left it; a page without more to scroll has been seen.
const scrolled = (element, percent) => new Promise((resolve) => {
  const stop = new AbortController();
  const check = () => {
    const { scrollHeight } = document.documentElement;
    if (element.isConnected && scrollY + innerHeight < (scrollHeight * percent) / 100 - 1) return;
    stop.abort();
    resolve();
  };
  addEventListener("scroll", check, { passive: true, signal: stop.signal });
  addEventListener("resize", check, { passive: true, signal: stop.signal });
  check();
});

async function apply(element) {
  if (known.has(element)) return;
  known.add(element);
  const widget = element.getAttribute("placement") ?? element.getAttribute("widget");
  if (isExcluded(element, widget)) return void (element.style.display = "none");
  const after = number(element, "after"), scroll = number(element, "scroll");
  if (after || scroll) {
    element.style.visibility = "hidden";
    await Promise.all([after && pause(after), scroll && scrolled(element, scroll)]);
    // Nobody has seen it; should it come back, it waits again.
    if (!element.isConnected) return void known.delete(element);
    element.style.visibility = "";
  }
  if (number(element, "cooldown") !== undefined) {
    remember(widget, { shown: Date.now() });
    shownHere.add(widget);
  }
  element.dispatchEvent(new CustomEvent("feelback-shown", { bubbles: true, composed: true }));
}

function applyAll() {
  const here = location.href.replace(/#(?!!?\/).*/, "");
  if (address !== here) shownHere.clear(); // another page of a single-page application
  address = here;
  for (const element of document.querySelectorAll(RULES.map((rule) => `[${rule}]`).join()))
    if (element.localName.startsWith("feelback-")) apply(element);
}

if (globalThis.document) {
  applyAll();
  new MutationObserver(applyAll).observe(document, { childList: true, subtree: true });
}
