// The playground: elements of which nothing leaves the page, and a form that is followed as it changes.
const COUNTS = {
  "+": 128, "+1": 84, "-1": 9, y: 96, n: 7, happy: 61, neutral: 12, sad: 5, love: 47, like: 88, laugh: 23, wow: 11, angry: 3,
  heart: 52, confused: 4, hooray: 19, rocket: 31, eyes: 8, hate: 2, great: 58, okay: 21, poor: 6, 1: 2, 2: 3, 3: 9, 4: 34, 5: 71,
};
const HOUR = 3600e3;
const { fetch } = globalThis;

// The API in this page: it stores nothing. Everything else, such as the texts of a language, comes from the server.
globalThis.fetch = async (address, init) => {
  const { pathname, searchParams } = new URL(address, location.href);
  if (!pathname.startsWith("/v1/")) return fetch(address, init);
  if (pathname === "/v1/stats") return Response.json({ items: searchParams.getAll("page").map(() => ({ counts: COUNTS })) });
  const revokable = { token: "playground", expireAt: new Date(Date.now() + HOUR).toISOString() };
  const outcome = init?.method === "DELETE" ? "removed" : "created";
  return Response.json({ id: "playground", outcome, revokable });
};
navigator.sendBeacon = () => true;

const form = document.getElementById("playground");

function paint(root) {
  for (const element of root.querySelectorAll("[data-style]"))
    for (const [name, value] of Object.entries(JSON.parse(element.dataset.style))) element.style.setProperty(name, value);
}

// The address without what is empty, except for the question: without `label` it is that of the kind.
function address() {
  const choices = [...new FormData(form)].filter(([name, value]) => value || name === "label");
  return `${location.pathname}?${new URLSearchParams(choices)}`;
}

const swap = (page, id) => document.getElementById(id).replaceWith(page.getElementById(id));

// The fields of another kind. The one that a person is in keeps its text, the focus and the caret.
function swapFields(page) {
  const old = document.activeElement;
  const isInside = document.getElementById("play-kind").contains(old);
  swap(page, "play-kind");
  const field = isInside && form.elements[old.name];
  if (!field) return;
  field.focus();
  if (!field.matches("[maxlength]")) return;
  field.value = old.value;
  field.setSelectionRange(old.selectionStart, old.selectionEnd);
}

const error = document.getElementById("play-error");
function say(text, invalid) {
  error.textContent = text;
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  invalid?.setAttribute("aria-invalid", "true");
}

let timer;
let request;
let isNewKind = false; // the kind has changed, and its fields have not come yet
let isOwnQuestion = false; // it was typed after that
function stop() {
  clearTimeout(timer);
  request?.abort();
}

async function show() {
  stop();
  const invalid = form.querySelector("input:invalid");
  if (invalid) return say(`${invalid.labels[0].textContent.trim()}: ${invalid.title}`, invalid);
  const to = address();
  const { signal } = (request = new AbortController());
  let reply, text;
  try {
    reply = await fetch(to, { signal });
    text = await reply.text();
  } catch {
    if (!signal.aborted) say("The server cannot be reached. Try again.");
    return;
  }
  if (signal.aborted) return;
  if (reply.status === 422) return say("This choice is not valid. Check the options.");
  if (!reply.ok) return say("The server could not answer. Try again.");
  say("");
  const page = new DOMParser().parseFromString(text, "text/html");
  paint(page);
  if (isNewKind) {
    swapFields(page);
    if (!isOwnQuestion) form.elements.label.value = page.getElementById("play-question").value;
    isNewKind = false;
  }
  swap(page, "play-preview");
  swap(page, "play-code");
  history.replaceState(null, "", to);
}

// A reply that is under way is about choices that no longer hold.
function follow({ target, isComposing }) {
  stop();
  if (target.name === "kind") [isNewKind, isOwnQuestion] = [true, false];
  if (target.name === "label") isOwnQuestion = true;
  if (target.name === "accent") form.elements.own_accent.checked = true;
  if (!isComposing) timer = setTimeout(show, 150);
}
form.addEventListener("input", follow);
form.addEventListener("compositionend", follow);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
form.querySelector("button[type=submit]").hidden = true;
paint(document);
