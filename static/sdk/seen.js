// Seen counts: tells the server which elements were seen in a page view, so that it can say how many of those who see one
// respond. A script of its own, for pages that want these counts: one request a page view at most, and nothing is stored.
import { settings } from "./settings.js";

export { configure } from "./settings.js";

const TICK = 250, TICKS = 4; // for a second in a row
const MOST = 50; // of one request

// A fragment is no other page, but for routes such as #/settings.
const here = () => location.href.replace(/#(?!!?\/).*/, "");

// As elements do it themselves, which may be of another version or not defined yet.
function targetOf(element) {
  const [placement, widget, page] = ["placement", "widget", "page"].map((name) => element.getAttribute(name));
  if (placement) return { placement };
  if (page && page[0] !== "$") return { widget, page };
  return { widget, page: page === "$path" ? location.origin + location.pathname : here() };
}

let seen, address, isSent, targets, timers, observer;

// Of an element that is taller than the window, half of the window counts as half of it.
const isHalf = ({ isIntersecting, intersectionRatio, intersectionRect, rootBounds }) =>
  isIntersecting && (intersectionRatio >= 0.5 || intersectionRect.height >= (rootBounds?.height ?? innerHeight) / 2);

// Before it is drawn an element has no height; one that waits for a display rule is invisible in its place.
const isShown = (element) =>
  document.visibilityState === "visible" && element.offsetHeight > 0 && getComputedStyle(element).visibility === "visible";

function stop(element) {
  clearInterval(timers.get(element));
  timers.delete(element);
}

function start(element) {
  let ticks = 0;
  stop(element);
  timers.set(element, setInterval(() => {
    ticks = isShown(element) ? ticks + 1 : 0;
    if (ticks < TICKS) return;
    stop(element);
    observer.unobserve(element);
    seen.add(JSON.stringify(targetOf(element)));
  }, TICK));
}

function begin() {
  observer?.disconnect();
  timers?.forEach((timer) => clearInterval(timer));
  [seen, targets, timers, isSent, address] = [new Set(), new WeakMap(), new Map(), false, here()];
  observer = new IntersectionObserver(
    (entries) => entries.forEach((entry) => (isHalf(entry) ? start : stop)(entry.target)),
    { threshold: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] },
  );
  observeAll();
}

function send() {
  if (isSent || !seen.size || !navigator.onLine) return;
  const items = [...seen].slice(0, MOST).map((json) => JSON.parse(json));
  isSent = navigator.sendBeacon(settings.endpoint + "/v1/seen", JSON.stringify({ items }));
}

// In a single-page application another address is another page view.
function observeAll() {
  if (address !== here()) {
    send();
    return begin();
  }
  for (const element of document.querySelectorAll("[widget], [placement]")) {
    if (!element.localName.startsWith("feelback-")) continue;
    const target = JSON.stringify(targetOf(element));
    if (targets.get(element) === target) continue;
    targets.set(element, target);
    observer.unobserve(element);
    observer.observe(element);
  }
  for (const element of timers.keys()) if (!element.isConnected) stop(element);
}

if (globalThis.document) {
  begin();
  new MutationObserver(observeAll).observe(document, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["widget", "page", "placement"],
  });
  addEventListener("popstate", observeAll);
  // Whoever responds has seen it, however fast; also an element in another's shadow root, which cannot be looked for.
  addEventListener("feelback-sent", (event) => {
    const [element] = event.composedPath();
    if (element.localName?.startsWith("feelback-")) seen.add(JSON.stringify(targetOf(element)));
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
  addEventListener("pagehide", send);
  addEventListener("pageshow", ({ persisted }) => persisted && begin());
}
