// The inbox in two panes on a desk: the current message beside the list. On a phone, and without this script, its link opens it.
"use strict";

const list = document.getElementById("messages");
const pane = document.getElementById("pane");
const desk = matchMedia("(min-width: 64rem)");
const reader = () => document.getElementById("reader");
const empty = reader()?.cloneNode(true);
let request = null;
let shown = ""; // the message, whether it has a star, and its triage
let takesFocus = false;

function put(node) {
  reader().replaceWith(node);
  pane.scrollTop = 0;
  if (takesFocus) node.querySelector(".message-title")?.focus();
  takesFocus = false;
}

function say(text) {
  const line = empty.cloneNode();
  line.textContent = text;
  put(line);
}

// What somebody writes, or is about to, stays whatever changes about its message: keys would go to the list instead.
const isWriting = (row) =>
  reader().dataset.id === row?.dataset.id &&
  [...reader().querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue || field === document.activeElement);

async function read(row) {
  if (!desk.matches) return;
  const next = row ? `${row.dataset.id} ${row.dataset.starred} ${row.dataset.triage}` : "";
  if (next === shown) return;
  if (isWriting(row)) return;
  request?.abort();
  shown = next;
  if (!row) return put(empty.cloneNode(true));
  request = new AbortController();
  try {
    const response = await fetch(row.querySelector("a.open").href, { headers: { "HX-Request": "true" }, signal: request.signal });
    if (response.status === 401) return location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const message = page.getElementById("reader");
    if (isWriting(row)) return void (shown = "");
    if (message) put(document.adoptNode(message));
    else say(page.querySelector("main p")?.textContent ?? "This message can’t be shown.");
  } catch (error) {
    if (error.name === "AbortError") return;
    shown = "";
    say("The server can’t be reached. Nothing was lost: try again in a moment.");
  }
}

function arrange() {
  pane.hidden = !desk.matches;
  const row = list.querySelector("li.current");
  if (row) read(row);
}

if (list && pane) {
  list.addEventListener("current", ({ detail }) => read(detail));
  desk.addEventListener("change", arrange);
  arrange();
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a.open");
    if (!link || !desk.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const row = link.closest("li");
    takesFocus = reader().dataset.id !== row.dataset.id; // it is on its way, or will be
    if (!takesFocus) reader().querySelector(".message-title").focus();
    else if (!row.classList.contains("current") || !shown.startsWith(row.dataset.id)) row.click();
  });
  pane.addEventListener("submit", (event) => {
    event.preventDefault();
    const { target, submitter } = event;
    if (!target.matches("[data-triage]")) {
      list.dispatchEvent(new CustomEvent("act", { detail: { name: submitter.value, id: target.dataset.one } }));
      return;
    }
    const data = new FormData(target, submitter);
    const name = submitter.value.split(" ")[0] || "note";
    if (target.dataset.isSent) return; // a second click
    target.dataset.isSent = "yes";
    const done = (isAccepted) => {
      delete target.dataset.isSent;
      if (!isAccepted) return;
      if (name === "note") target.remove(); // it is written, and comes back empty
      shown = "";
      arrange();
    };
    list.dispatchEvent(new CustomEvent("act", { detail: { name, id: reader().dataset.id, address: target.getAttribute("action"), data, done } }));
  });
  // When nobody is about to write there any more, it shows what has changed meanwhile; a click in it comes first.
  pane.addEventListener("focusout", ({ relatedTarget }) => pane.contains(relatedTarget) || setTimeout(arrange, 300));
  pane.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    list.querySelector("li.current")?.focus();
  });
}
