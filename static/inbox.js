// The inbox without reloads: keyboard shortcuts, actions and their undo, and live arrivals.
"use strict";

const form = document.getElementById("inbox");
const list = document.getElementById("messages");
const mayAct = form?.dataset.may === "yes";
const rows = () => [...(list?.querySelectorAll(":scope > li") ?? [])];
const current = () => document.activeElement?.closest?.("li.inbox-row") ?? list?.querySelector("li.current") ?? null;
const IN_PLACE = ["read", "unread", "star", "unstar", "note"]; // after these the message stays on the page until it is reloaded

async function fetchPage(address, options = {}) {
  const response = await fetch(address, { ...options, headers: { "HX-Request": "true" } });
  if (response.status === 401) location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!response.ok) throw new Error(page.querySelector("main p")?.textContent ?? `The server answered ${response.status}.`);
  return page;
}

function showResult(text) {
  const line = document.createElement("p");
  line.textContent = text;
  document.getElementById("result").replaceChildren(line);
}

function showUnread(count) {
  if (!count) return;
  for (const badge of document.querySelectorAll(".sections-bar [data-unread]")) badge.replaceWith(document.importNode(count, true));
}

function updateSelection() {
  document.getElementById("nothing")?.toggleAttribute("hidden", rows().length > 0);
  document.getElementById("actions")?.toggleAttribute("hidden", !rows().length);
  const all = document.getElementById("all");
  const boxes = rows().map((row) => row.querySelector("[name=ids]")).filter(Boolean);
  if (!all) return;
  all.checked = boxes.length > 0 && boxes.every((box) => box.checked);
  all.indeterminate = !all.checked && boxes.some((box) => box.checked);
}

// Inserts rows in order, newest first, and keeps the current one at its place on the screen.
function merge(incoming) {
  const anchor = current() ?? (scrollY > 0 ? rows().find((row) => row.getBoundingClientRect().bottom > 0) : null);
  const top = anchor?.getBoundingClientRect().top;
  const added = [];
  for (const row of incoming) {
    const old = document.getElementById(row.id);
    const isSelected = old?.querySelector("[name=ids]")?.checked;
    const hasFocus = old?.contains(document.activeElement);
    const isCurrent = old?.classList.contains("current");
    document.adoptNode(row);
    if (old) old.replaceWith(row);
    else {
      list.insertBefore(row, rows().find((other) => other.dataset.id < row.dataset.id) ?? null);
      added.push(row);
    }
    if (isSelected) row.querySelector("[name=ids]").checked = true;
    if (isCurrent || hasFocus) go(row, hasFocus, go.reads);
  }
  if (anchor?.isConnected) scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: "instant" });
  updateSelection();
  return added;
}

// The current message becomes read after a moment, unless it was just marked as unread.
function go(row, withFocus = true, reads = true) {
  go.reads = reads;
  for (const other of list.querySelectorAll("li.current")) other.classList.remove("current");
  if (!row) return void list.dispatchEvent(new CustomEvent("current", { detail: null }));
  row.classList.add("current");
  list.dispatchEvent(new CustomEvent("current", { detail: row }));
  if (withFocus) {
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }
  clearTimeout(go.timer);
  go.timer = setTimeout(() => {
    if (reads && mayAct && row.isConnected && row.classList.contains("current") && !row.dataset.read) applyAction("read", [row.dataset.id], false);
  }, 1500);
}

function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  go(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

async function applyAction(name, ids, withResult = true) {
  if (!mayAct) return showResult("You have view-only access. Ask an admin for the Editor role.");
  if (!ids.length) return showResult("Select at least one message first");
  const data = new FormData(form);
  data.delete("ids");
  data.set("action", name);
  for (const id of ids) data.append("ids", id);
  const every = document.getElementById("every");
  if (every?.checked && !withResult) data.delete("every");
  const isDone = await send(form.getAttribute("action"), data, name, ids, withResult);
  if (!isDone || name !== "triage") return;
  const menu = form.querySelector(".triage-menu");
  for (const field of menu.querySelectorAll("select")) field.value = "";
  menu.open = false;
}

// One after another: what was fetched before an action would undo on the screen what came of it.
let turn = Promise.resolve();
const inTurn = (work) => (turn = turn.catch(() => {}).then(work));
const send = (...request) => inTurn(() => sendNow(...request));

async function sendNow(address, data, name, ids, withResult = true) {
  let page;
  try {
    page = await fetchPage(address, { method: "POST", body: new URLSearchParams(data) });
  } catch (error) {
    showResult(error instanceof TypeError ? "The server cannot be reached. Try again." : error.message);
    return false;
  }
  showUnread(page.querySelector("[data-unread]"));
  if (withResult) document.getElementById("result").replaceWith(document.adoptNode(page.getElementById("result")));
  if (!list) return location.reload();
  if (name === "unread" || name === "undo") go.reads = false;
  // Of what comes back only that is merged which is of this page: the others are on the next ones.
  const oldest = rows().at(-1)?.dataset.id ?? "";
  const remaining = [...page.querySelectorAll("#messages > li")].filter((row, at) => (oldest ? row.dataset.id >= oldest : at < 30));
  const remainingIds = new Set(remaining.map((row) => row.id));
  const leaving = ids.map((id) => document.getElementById(`m-${id}`)).filter((row) => row && !remainingIds.has(row.id));
  for (const row of leaving) {
    if (IN_PLACE.includes(name)) {
      if (name === "read" || name === "unread") row.classList.toggle("new", name === "unread");
      row.dataset.read = name === "read" ? "yes" : row.dataset.read;
      continue;
    }
    if (row === current()) go(row.nextElementSibling ?? row.previousElementSibling);
    row.remove();
  }
  merge(remaining);
  const every = document.getElementById("every");
  if (every) every.checked = false;
  if (!IN_PLACE.includes(name)) await refill().catch(() => {}); // the action itself is done
  return true;
}

async function readEverything() {
  const data = new FormData(form);
  const ids = rows().map((row) => row.dataset.id);
  data.delete("ids");
  data.set("everything", "read");
  for (const id of ids) data.append("ids", id); // to see them again
  await send(form.getAttribute("action"), data, "read", ids);
}

// What comes after the messages that left moves up.
async function refill() {
  const page = await fetchPage(location.href);
  for (const row of merge([...page.querySelectorAll("#messages > li")])) row.classList.add("new-arrival");
  const next = page.querySelector("#inbox .paging");
  const own = form.querySelector(".paging");
  if (own && next) own.replaceWith(document.adoptNode(next));
  else own?.remove();
}

const toggles = {
  e: () => (form.dataset.view === "inbox" || form.dataset.view === "unread" || form.dataset.view === "starred" || form.dataset.view === "all" ? "archive" : "inbox"),
  s: (row) => (row.dataset.starred ? "unstar" : "star"),
  u: (row) => (row.dataset.read ? "unread" : "read"),
  "!": () => "spam",
  "#": () => "delete",
  r: (row) => (row.dataset.status === "resolved" ? "reopen" : "resolve"),
  p: () => "progress",
  d: () => "dismiss",
  a: (row) => (row.dataset.mine ? "drop" : "take"),
};

// With all that match chosen, those of the page stand for them: the server looks for the others.
function selectedIds() {
  if (document.getElementById("every")?.checked) return rows().map((row) => row.dataset.id);
  const ids = rows().filter((row) => row.querySelector("[name=ids]")?.checked).map((row) => row.dataset.id);
  return ids;
}

async function countMatches() {
  const every = document.getElementById("every");
  if (!every) return;
  const page = await fetchPage(every.dataset.count).catch(() => null);
  const label = page?.getElementById("every-label");
  if (label) document.getElementById("every-label").replaceWith(document.adoptNode(label));
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
  else if (list && place.closest("#messages") && ["ArrowDown", "ArrowUp"].includes(event.key)) step(event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "z") document.querySelector("[data-undo] button")?.click();
  else if (event.key === "x") {
    const box = current()?.querySelector("[name=ids]");
    if (box) box.checked = !box.checked;
    updateSelection();
  } else if (event.key === "Enter" && place.matches?.("li.inbox-row")) place.querySelector("a.open").click();
  else if (event.key in toggles && (current() || selectedIds().length)) {
    const row = current() ?? document.getElementById(`m-${selectedIds()[0]}`);
    const ids = selectedIds().length ? selectedIds() : [row.dataset.id];
    applyAction(toggles[event.key](row), ids);
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
  form.addEventListener("change", updateSelection);
  form.addEventListener("change", countMatches, { once: true });
  list.addEventListener("act", async ({ detail }) => {
    if (!detail.data) return void applyAction(detail.name, [detail.id]);
    detail.done(await send(detail.address, detail.data, detail.name, [detail.id]));
  });
  const all = document.getElementById("all");
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const row of rows()) row.querySelector("[name=ids]").checked = all.checked;
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter.name === "everything") return void readEverything();
    const [name, one] = event.submitter.name === "one" ? event.submitter.value.split(" ") : [event.submitter.value, null];
    applyAction(name, one ? [one] : selectedIds());
  });
}
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-undo]") || !list) return;
  event.preventDefault();
  send(event.target.getAttribute("action"), new FormData(event.target), "undo", []);
});
if (form?.dataset.one && !form.dataset.read) {
  // Opening a message marks it as read. The page itself must not, because browsers prefetch pages.
  const data = new FormData(form);
  data.set("action", "read");
  fetchPage(form.getAttribute("action"), { method: "POST", keepalive: true, body: new URLSearchParams(data) })
    .then((page) => showUnread(page.querySelector("[data-unread]")), () => {});
}

// The stream only says that there are arrivals. They are fetched from the page's oldest message on, so that nothing is missed
// after a lost connection, nor a message that was added to an older response.
async function arrive() {
  const { arrivals, newest } = form.dataset;
  if (!arrivals) return;
  const hasOlder = form.querySelector("[rel=next]") !== null;
  const oldest = hasOlder ? (rows().at(-1)?.dataset.id ?? "") : "";
  const page = await fetchPage(`${arrivals}${arrivals.includes("?") ? "&" : "?"}after=${oldest}`);
  const incoming = [...page.querySelectorAll("#messages > li")];
  // What is older than the page's last message is no arrival: it is on the next page.
  const fresh = incoming.filter((row) => row.dataset.id > oldest && !document.getElementById(row.id));
  if (incoming.length >= 100 && fresh.length >= 100) {
    const link = document.createElement("a");
    link.href = newest;
    link.textContent = "Many new messages: show the newest";
    document.getElementById("arrivals").replaceChildren(link);
    return;
  }
  const added = merge(fresh);
  for (const row of added) row.classList.add("new-arrival");
  if (added.length) {
    document.getElementById("arrivals").textContent = added.length === 1 ? "1 new message" : `${added.length} new messages`;
  }
}

if (list) form.addEventListener("live", () => inTurn(arrive).catch(() => {}));
