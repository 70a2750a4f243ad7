// Keeps a screen up to date. A stream says only what is new; the parts of the screen that show it (data-live) are read again by
// htmx. Tabs of one project share one stream, because browsers limit connections per host.
"use strict";

const sign = document.getElementById("live");
const parts = () => [...document.querySelectorAll("[data-live]")];
const title = () => document.title.replace(/^\(\d+\+?\) /, "");
const name = `feelback-live-${sign?.dataset.project}`;
const channel = sign && navigator.locks && "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
const waiting = new Set(); // topics that could not be shown yet
let source = null;
let watch = 0;
let pause = 1000;
let state = "";
let isConnected = false;
let release = null;
let arrived = 0;
const known = new Map(); // what each part showed before it was read again

function show(next) {
  state = next;
  sign.hidden = !next;
  sign.dataset.state = next;
  sign.textContent = { live: "Live", lost: "Reconnecting…", out: "Signed out. " }[next] ?? "";
  if (next !== "out") return;
  const link = document.createElement("a");
  link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = "Sign in";
  sign.append(link);
}

// A menu, a dialog or a field in use is not taken from under somebody's hands: what is new waits until it is left.
function isBusy(part) {
  if (document.querySelector("dialog[open], :popover-open")) return true;
  const place = document.activeElement;
  return Boolean(part.querySelector("details.drop[open]")) ||
    (part.contains(place) && place.matches("textarea, select, input:not([type=checkbox]):not([type=radio])"));
}

function update() {
  if (document.hidden || !waiting.size) return;
  const blocked = new Set();
  for (const part of parts()) {
    const topics = part.dataset.live.split(" ").filter((topic) => waiting.has(topic) || waiting.has("missed"));
    if (!topics.length) continue;
    if (part.id !== "inbox" && isBusy(part)) for (const topic of topics) blocked.add(topic);
    else part.dispatchEvent(new CustomEvent("live"));
  }
  waiting.clear();
  for (const topic of blocked) waiting.add(topic);
}

function receive(message) {
  if (message.state === "live" && message.isNew && state) waiting.add("missed");
  if (message.state) show(message.state);
  const news = message.news ?? {};
  if ("unread" in news) showUnread(news.unread);
  for (const topic of Object.keys(news)) if (topic !== "unread") waiting.add(topic);
  if (document.hidden) {
    arrived += document.getElementById("inbox") ? news.messages ?? 0 : news.responses ?? 0;
    if (arrived) document.title = `(${arrived > 99 ? "99+" : arrived}) ${title()}`;
  }
  update();
}

function showUnread(count) {
  for (const badge of document.querySelectorAll(".sections-bar [data-unread]")) {
    badge.firstChild.textContent = count > 999 ? "999+" : count;
    badge.hidden = count === 0;
  }
}

function share(message) {
  channel?.postMessage(message);
  receive(message);
}

function connect() {
  source?.close();
  source = new EventSource(sign.dataset.events);
  const hear = (event) => {
    const isNew = !isConnected;
    isConnected = true;
    pause = 1000;
    clearTimeout(watch);
    watch = setTimeout(reconnect, 50000); // a beat comes every 20 s, so the connection is lost
    const news = JSON.parse(event.data);
    if (isNew) news.start = 1;
    share({ state: "live", isNew, news });
  };
  source.addEventListener("news", hear);
  source.addEventListener("beat", hear);
  source.addEventListener("error", reconnect);
}

function reconnect() {
  source?.close();
  clearTimeout(watch);
  isConnected = false;
  if (state && state !== "out") share({ state: "lost" });
  if (pause > 1000) examine();
  watch = setTimeout(connect, pause);
  pause = Math.min(pause * 2, 30000);
}

// A stream does not say why it ended: whoever is signed out is led to the sign-in page.
async function examine() {
  const stop = new AbortController();
  const response = await fetch(sign.dataset.events, { redirect: "manual", signal: stop.signal }).catch(() => null);
  stop.abort();
  if (response?.type === "opaqueredirect" && state) share({ state: "out" });
}

function close() {
  source?.close();
  source = null;
  clearTimeout(watch);
  isConnected = false;
  release?.();
  release = null;
}

addEventListener("offline", () => {
  if (state === "live") reconnect();
});

let isOpen = false;
function open() {
  if (isOpen || !parts().length) return;
  isOpen = true;
  if (!channel) {
    if (!document.hidden) connect();
    return;
  }
  channel.postMessage({ isAsking: true });
  navigator.locks.request(name, () => new Promise((resolve) => {
    release = resolve;
    connect();
  })).catch(() => {});
}

// What changed is shown: numbers tick, new rows slide in. The styles keep both still for who prefers that.
const ticking = (part) => [...part.querySelectorAll("[data-tick]")];
const rows = (part) => [...part.querySelectorAll("li[id]")];

const isUpdate = (event) => event.detail.ctx?.request?.headers?.["X-Live"] !== undefined;

if (sign) {
  // An update that fails changes nothing on the screen, and nobody is sent away by it.
  document.addEventListener("htmx:before:response", (event) => {
    if (isUpdate(event) && event.detail.ctx.response.status >= 400) event.preventDefault();
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const part = event.target.closest?.("[data-live]");
    if (!part || !isUpdate(event)) return;
    if (part.querySelector(".htmx-request")) {
      // Somebody has chosen another period meanwhile, or the like: that comes first.
      event.preventDefault();
      waiting.add("missed");
      return;
    }
    const chart = part.querySelector("svg.trend.read");
    known.set(part.id, {
      texts: ticking(part).map((place) => place.textContent),
      ids: new Set(rows(part).map((row) => row.id)),
      day: chart ? [...chart.querySelectorAll(".day")].findIndex((day) => day.classList.contains("current")) : -1,
    });
  });
  document.addEventListener("htmx:after:settle", (event) => {
    const part = event.target.closest?.("[data-live]");
    const before = part && known.get(part.id);
    if (before) {
      known.delete(part.id);
      const places = ticking(part);
      if (places.length === before.texts.length) {
        places.forEach((place, at) => place.textContent !== before.texts[at] && move(place, "ticked"));
      }
      if (before.ids.size) for (const row of rows(part)) if (!before.ids.has(row.id)) move(row, "new-arrival");
      const day = part.querySelectorAll("svg.trend .day")[before.day];
      day?.classList.add("current");
      day?.closest("svg.trend").classList.add("read");
    }
    open(); // another period may include today
    setTimeout(update);
  });
  channel?.addEventListener("message", ({ data }) => {
    if (!data.isAsking) receive(data);
    else if (source && state) channel.postMessage({ state });
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      if (!channel) close();
      return;
    }
    arrived = 0;
    document.title = title();
    if (!channel && isOpen) connect();
    update();
  });
  for (const name of ["toggle", "close", "focusout"]) document.addEventListener(name, () => setTimeout(update), true);
  addEventListener("pagehide", () => {
    close();
    isOpen = false;
  });
  addEventListener("pageshow", (event) => event.persisted && open());
  open();
}

function move(place, kind) {
  place.classList.remove(kind);
  void place.offsetWidth; // so that it begins anew
  place.classList.add(kind);
}
