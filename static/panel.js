// What every screen of the panel has: menus that close, keys for periods, focus that survives a swap, a word when the server
// cannot be reached.
"use strict";

const isTyping = (place) => place.matches?.("textarea, select, [contenteditable], input:not([type=checkbox]):not([type=radio])");

// Menus of <details>: one is open at a time, Escape and a click elsewhere close it.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details.drop[open]")) return;
  for (const other of document.querySelectorAll("details.drop[open]")) if (other !== event.target) other.open = false;
}, true);
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.drop[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = event.target.closest?.("details.drop[open]") ?? document.querySelector("details.drop[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
  // The inbox has keys of its own, which can be turned off there for all screens.
  if (document.querySelector("dialog[open]") || document.getElementById("inbox") || localStorage.getItem("feelback-keys") === "off") return;
  const link = /^[a-z]$/.test(event.key) && document.querySelector(`.picker [data-key="${event.key}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});

// A control that was used is often inside what is swapped: its successor has the same id, or else its menu's button is next.
// Each swap remembers its own, because updates of other parts come in between.
const used = new WeakMap(); // ids, by what htmx tells of a request and of the parts that its answer swaps
function usedIds() {
  const place = document.activeElement;
  return [place?.id, place?.closest?.("details.drop")?.querySelector("summary")?.id].filter(Boolean);
}
document.addEventListener("htmx:before:request", ({ detail }) => used.set(detail.ctx, usedIds()));
document.addEventListener("htmx:before:swap", ({ detail }) => {
  const ids = usedIds();
  for (const task of detail.tasks) used.set(task, ids.length ? ids : used.get(detail.ctx));
});
document.addEventListener("htmx:after:settle", ({ detail }) => {
  if (document.activeElement && document.activeElement !== document.body) return;
  const next = (used.get(detail.task) ?? []).map((id) => document.getElementById(id)).find((place) => place?.checkVisibility());
  next?.focus({ preventScroll: true });
});

// A part of the screen was loaded for another filter: the links to other screens follow.
const SHARED = ["period", "from", "to", "compare", "page", "widget", "option", "reason", "origin"];
document.addEventListener("htmx:after:settle", () => {
  const query = new URLSearchParams(location.search);
  for (const link of document.querySelectorAll("#sections a[data-filtered]")) {
    const url = new URL(link.href);
    // The screen of a page says it by its path, and its list numbers the pages.
    const page = url.searchParams.get("page");
    url.search = "";
    for (const name of SHARED) {
      const value = name === "page" ? page : query.get(name);
      if (value) url.searchParams.set(name, value);
    }
    link.href = url.pathname + url.search;
  }
});

// Ctrl or Cmd and K, or the name of the project: the list of the page /find in a dialog.
let palette = null;
let timer = 0;

async function search(address) {
  const response = await fetch(address, { headers: { "HX-Request": "true" } });
  if (response.status === 401) return location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const list = page.getElementById("found");
  if (list) palette.querySelector("#found").replaceWith(document.adoptNode(list));
}

function openPalette(address) {
  if (!palette) {
    palette = document.createElement("dialog");
    palette.className = "palette";
    palette.setAttribute("aria-label", "Switch project or search");
    const box = document.createElement("input");
    box.type = "search";
    box.setAttribute("aria-label", "Projects, screens, widgets and pages");
    box.placeholder = "Switch project or search";
    box.maxLength = 200;
    const list = document.createElement("div");
    list.id = "found";
    palette.append(box, list);
    document.body.append(palette);
    const url = new URL(address, location.origin);
    url.pathname = "/find/list";
    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        url.searchParams.set("q", box.value);
        search(url).catch(() => document.dispatchEvent(new Event("htmx:error")));
      }, 150);
    });
    palette.addEventListener("keydown", (event) => {
      const stops = [box, ...palette.querySelectorAll("#found a")];
      const at = stops.indexOf(document.activeElement);
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        stops[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), stops.length - 1)].focus();
      } else if (event.key === "Enter" && document.activeElement === box) {
        event.preventDefault();
        stops[1]?.click();
      }
    });
    palette.addEventListener("click", (event) => {
      if (event.target === palette) palette.close();
    });
    search(url).catch(() => document.dispatchEvent(new Event("htmx:error")));
  }
  palette.showModal();
  palette.querySelector("input").select();
}

const switcher = document.querySelector("[data-palette]");
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  openPalette(switcher?.getAttribute("href") ?? "/find");
});
switcher?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  openPalette(switcher.getAttribute("href"));
});

// A chart is read by arrow keys and by touch: its parts say what they are where the pointer would.
function readPart(chart, part) {
  for (const other of chart.querySelectorAll(".day.current")) other.classList.remove("current");
  chart.classList.toggle("read", Boolean(part));
  part?.classList.add("current");
  let line = document.getElementById("chart-part");
  if (!line) {
    line = document.createElement("p");
    line.id = "chart-part";
    line.className = "hidden";
    line.setAttribute("role", "status");
    document.body.append(line);
  }
  line.textContent = part ? [...part.querySelectorAll(".tip")].map((tip) => tip.textContent).join(". ") : "";
}
document.addEventListener("keydown", (event) => {
  const chart = event.target.closest?.("svg.trend");
  if (chart && event.key === "Enter") return filterByDay(chart, chart.querySelector(".day.current"));
  if (!chart || !["ArrowLeft", "ArrowRight", "Home", "End", "Escape"].includes(event.key)) return;
  event.preventDefault();
  const parts = [...chart.querySelectorAll(".day")];
  const at = parts.findIndex((part) => part.classList.contains("current"));
  const last = parts.length - 1;
  const to = { Home: 0, End: last, ArrowRight: Math.min(at + 1, last), ArrowLeft: at < 0 ? last : Math.max(at - 1, 0) }[event.key];
  readPart(chart, parts[to]);
});
document.addEventListener("pointerdown", (event) => {
  const part = event.target.closest?.("svg.trend .day");
  for (const chart of document.querySelectorAll("svg.trend.read")) if (!part || !chart.contains(part)) readPart(chart, null);
  if (part && event.pointerType !== "mouse") readPart(part.closest("svg.trend"), part);
});
// A part that is a day, or some of them, becomes the period: the table has the address of each.
function filterByDay(chart, part) {
  const parts = [...chart.querySelectorAll(".day")];
  const links = [...chart.parentElement.querySelectorAll(".numbers tbody th a")];
  const link = part && links[parts.length - 1 - parts.indexOf(part)];
  if (!link) return;
  const query = new URL(link.href).searchParams;
  const [from, to] = ["from", "to"].map((name) => document.getElementById(`period-${name}`));
  if (!from) return link.click();
  from.value = query.get("from");
  to.value = query.get("to");
  from.form.requestSubmit();
}
document.addEventListener("click", (event) => {
  const part = event.target.closest?.("svg.trend .day");
  // On a touch screen the first tap reads a part, the second filters by it.
  if (part && (event.pointerType === "mouse" || part.dataset.tapped)) filterByDay(part.closest("svg.trend"), part);
  for (const other of document.querySelectorAll(".day[data-tapped]")) delete other.dataset.tapped;
  if (part) part.dataset.tapped = "yes";
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("svg.trend")) readPart(event.target, null);
});
