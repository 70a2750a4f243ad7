// The inbox without reloads: keys, acts on messages and their undoing, and messages that arrive while one looks.
"use strict";

const form = document.getElementById("inbox");
const list = document.getElementById("messages");
const mayAct = form?.dataset.may === "yes";
const rows = () => [...(list?.querySelectorAll(":scope > li") ?? [])];
const current = () => document.activeElement?.closest?.("li.inbox-row") ?? list?.querySelector("li.current") ?? null;
const STAYS = ["read", "unread", "star", "unstar"]; // such a message stays where it is until the page is loaded anew

async function fetched(address, options = {}) {
  const response = await fetch(address, { ...options, headers: { "HX-Request": "true" } });
  if (response.status === 401) location.assign("/sign-in");
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!response.ok) throw new Error(page.querySelector("main p")?.textContent ?? `The server answered ${response.status}.`);
  return page;
}

function say(text) {
  const line = document.createElement("p");
  line.textContent = text;
  document.getElementById("said").replaceChildren(line);
}

function showUnread(place) {
  const shown = document.querySelector("nav [data-unread]");
  if (shown && place) shown.replaceWith(document.adoptNode(place));
}

function tidy() {
  document.getElementById("nothing")?.toggleAttribute("hidden", rows().length > 0);
  const all = document.getElementById("all");
  const boxes = rows().map((row) => row.querySelector("[name=ids]")).filter(Boolean);
  if (!all) return;
  all.checked = boxes.length > 0 && boxes.every((box) => box.checked);
  all.indeterminate = !all.checked && boxes.some((box) => box.checked);
}

// Puts rows where they belong, newest first; the one that is being read stays where it is on the screen.
function merge(found) {
  const anchor = current() ?? (scrollY > 0 ? rows().find((row) => row.getBoundingClientRect().bottom > 0) : null);
  const top = anchor?.getBoundingClientRect().top;
  const added = [];
  for (const row of found) {
    const had = document.getElementById(row.id);
    const isChosen = had?.querySelector("[name=ids]")?.checked;
    const hasFocus = had?.contains(document.activeElement);
    const isCurrent = had?.classList.contains("current");
    document.adoptNode(row);
    if (had) had.replaceWith(row);
    else {
      list.insertBefore(row, rows().find((other) => other.dataset.id < row.dataset.id) ?? null);
      added.push(row);
    }
    if (isChosen) row.querySelector("[name=ids]").checked = true;
    if (isCurrent || hasFocus) go(row, hasFocus, go.reads);
  }
  if (anchor?.isConnected) scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: "instant" });
  tidy();
  return added;
}

// One who comes to a message reads it; who has just called it unread does not.
function go(row, withFocus = true, reads = true) {
  go.reads = reads;
  for (const other of list.querySelectorAll("li.current")) other.classList.remove("current");
  if (!row) return;
  row.classList.add("current");
  if (withFocus) {
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }
  clearTimeout(go.timer);
  go.timer = setTimeout(() => {
    if (reads && mayAct && row.isConnected && row.classList.contains("current") && !row.dataset.read) act("read", [row.dataset.id], false);
  }, 1500);
}

function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  go(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

async function act(name, ids, isTold = true) {
  if (!mayAct) return say("You may look at messages; to treat them, ask an admin to make you an editor.");
  if (!ids.length) return say("Choose at least one message first");
  const data = new FormData(form);
  data.delete("ids");
  data.set("act", name);
  for (const id of ids) data.append("ids", id);
  await send(form.getAttribute("action"), data, name, ids, isTold);
}

async function send(address, data, name, ids, isTold = true) {
  let page;
  try {
    page = await fetched(address, { method: "POST", body: new URLSearchParams(data) });
  } catch (error) {
    return say(error instanceof TypeError ? "The server cannot be reached. Try again." : error.message);
  }
  showUnread(page.querySelector("[data-unread]"));
  if (isTold) document.getElementById("said").replaceWith(document.adoptNode(page.getElementById("said")));
  if (!list) return location.reload();
  if (name === "unread" || name === "undo") go.reads = false;
  const kept = [...page.querySelectorAll("#messages > li")];
  const still = new Widget(kept.map((row) => row.id));
  const gone = ids.map((id) => document.getElementById(`m-${id}`)).filter((row) => row && !still.has(row.id));
  for (const row of gone) {
    if (STAYS.includes(name)) {
      row.classList.toggle("new", name === "unread");
      row.dataset.read = name === "read" ? "yes" : row.dataset.read;
      continue;
    }
    if (row === current()) go(row.nextElementSibling ?? row.previousElementSibling);
    row.remove();
  }
  merge(kept);
}

const toggles = {
  e: () => (form.dataset.view === "inbox" || form.dataset.view === "unread" || form.dataset.view === "starred" || form.dataset.view === "all" ? "archive" : "inbox"),
  s: (row) => (row.dataset.starred ? "unstar" : "star"),
  u: (row) => (row.dataset.read ? "unread" : "read"),
  "!": () => "spam",
  "#": () => "delete",
};

function chosen() {
  const ids = rows().filter((row) => row.querySelector("[name=ids]")?.checked).map((row) => row.dataset.id);
  return ids;
}

const dialog = document.getElementById("keys");
const keysOn = document.getElementById("keys-on");

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || dialog?.open) return;
  const place = event.target;
  if (place.matches?.("textarea, select, input:not([type=checkbox])")) {
    if (event.key === "Escape") place.blur();
    return;
  }
  if (event.key === "?") dialog.showModal();
  else if (keysOn && !keysOn.checked) return;
  else if (event.key === "/") document.getElementById("q")?.focus();
  else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  else if (event.key === "z") document.querySelector("[data-undo] button")?.click();
  else if (event.key === "x") {
    const box = current()?.querySelector("[name=ids]");
    if (box) box.checked = !box.checked;
    tidy();
  } else if (event.key === "Enter" && place.matches?.("li.inbox-row")) place.querySelector("a.open").click();
  else if (event.key in toggles && (current() || chosen().length)) {
    const row = current() ?? document.getElementById(`m-${chosen()[0]}`);
    const ids = chosen().length ? chosen() : [row.dataset.id];
    act(toggles[event.key](row), ids);
  } else return;
  event.preventDefault();
}

if (list) {
  document.addEventListener("keydown", press);
  document.getElementById("keys-button").hidden = false;
  document.getElementById("keys-button").addEventListener("click", () => dialog.showModal());
  keysOn.checked = localStorage.getItem("feelback-keys") !== "off";
  keysOn.addEventListener("change", () => localStorage.setItem("feelback-keys", keysOn.checked ? "on" : "off"));
  list.addEventListener("click", (event) => {
    const row = event.target.closest("li.inbox-row");
    if (row && !event.target.closest("a, button, input")) go(row, false);
  });
  form.addEventListener("change", tidy);
  const all = document.getElementById("all");
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const row of rows()) row.querySelector("[name=ids]").checked = all.checked;
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [name, one] = event.submitter.name === "one" ? event.submitter.value.split(" ") : [event.submitter.value, null];
    act(name, one ? [one] : chosen());
  });
}
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-undo]") || !list) return;
  event.preventDefault();
  send(event.target.getAttribute("action"), new FormData(event.target), "undo", []);
});
if (form?.dataset.one && !form.dataset.read) {
  // To open a message is to read it; the page itself changes nothing, for browsers fetch pages ahead.
  const data = new FormData(form);
  data.set("act", "read");
  fetched(form.getAttribute("action"), { method: "POST", keepalive: true, body: new URLSearchParams(data) })
    .then((page) => showUnread(page.querySelector("[data-unread]")), () => {});
}

// Arrivals: the stream only tells that something came; what came is fetched from where the page ends, so that a stream
// that was lost and found again has missed nothing.
let source = null;
let watch = 0;
let pause = 1000;

async function arrive() {
  const { arrivals, newest } = form.dataset;
  if (!arrivals) return;
  const after = rows()[0]?.dataset.id ?? "";
  const page = await fetched(`${arrivals}${arrivals.includes("?") ? "&" : "?"}after=${after}`);
  const found = [...page.querySelectorAll("#messages > li")];
  const fresh = found.filter((row) => !document.getElementById(row.id));
  if (found.length >= 100 && fresh.length >= 100) {
    const link = document.createElement("a");
    link.href = newest;
    link.textContent = "Many new messages: show the newest";
    document.getElementById("arrived").replaceChildren(link);
    return;
  }
  const added = merge(fresh);
  for (const row of added) row.classList.add("arrived-now");
  if (added.length) {
    document.getElementById("arrived").textContent = added.length === 1 ? "1 new message" : `${added.length} new messages`;
  }
}

let turn = Promise.resolve();

function open() {
  source?.close();
  source = new EventSource(form.dataset.events);
  const alive = () => {
    pause = 1000;
    clearTimeout(watch);
    watch = setTimeout(again, 50000); // it beats every 20 s: silence means that it is lost
  };
  source.addEventListener("beat", alive);
  source.addEventListener("messages", (event) => {
    alive();
    const shown = document.querySelector("nav [data-unread]");
    if (shown) {
      shown.firstChild.textContent = event.data > 999 ? "999+" : event.data;
      shown.hidden = event.data === "0";
    }
    turn = turn.then(arrive).catch(() => {});
  });
  source.addEventListener("error", () => again());
}

function again() {
  source?.close();
  clearTimeout(watch);
  watch = setTimeout(open, pause);
  pause = Math.min(pause * 2, 30000);
}

if (list && form.dataset.events) {
  // A page that nobody sees lets go of its stream: browsers open few connections to one place.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      source?.close();
      clearTimeout(watch);
    } else open();
  });
  if (!document.hidden) open();
  addEventListener("pagehide", () => source?.close());
}
