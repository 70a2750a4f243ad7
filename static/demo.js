// Makes the demo's forms smoother: a signal is sent without leaving the page, its counts follow, and it can be taken back.
"use strict";

const numbers = new Intl.NumberFormat("en");
const isVote = (widget) => !["message", "tagged", "form"].includes(widget.dataset.type);

// A random name that this browser keeps, so that a second vote replaces the first.
function visitor() {
  let name = localStorage.getItem("feelback-visitor");
  if (!name) {
    name = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    localStorage.setItem("feelback-visitor", name);
  }
  return name;
}

// What this browser has sent to a set and may still take back: {id, token, expireAt, value}, or null.
const place = (widget) => `feelback-sent-${widget.dataset.set}`;

function sent(widget) {
  const kept = JSON.parse(localStorage.getItem(place(widget)) ?? "null");
  return kept && new Date(kept.expireAt) > new Date() ? kept : null;
}

function keep(widget, signal) {
  if (signal) localStorage.setItem(place(widget), JSON.stringify(signal));
  else localStorage.removeItem(place(widget));
}

async function call(address, options = {}) {
  const response = await fetch(address, options);
  const answer = response.status === 204 ? {} : await response.json();
  if (!response.ok) throw new Error(answer.message ?? `The server answered ${response.status}.`);
  return answer;
}

function valueOf(widget, form, button) {
  const data = new FormData(form);
  const type = widget.dataset.type;
  if (type === "message") return data.get("message");
  if (type === "tagged") return { tag: data.get("tag"), message: data.get("message") || undefined };
  if (type === "form") {
    const fields = [...data].filter(([name, text]) => name.startsWith("fields.") && text);
    return Object.fromEntries(fields.map(([name, text]) => [name.slice("fields.".length), text]));
  }
  return button.value;
}

function say(widget, text, canUndo = false) {
  const status = widget.querySelector(".status");
  status.replaceChildren(text);
  status.classList.remove("wrong");
  if (!canUndo) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "Undo";
  button.addEventListener("click", () => attempt(widget, () => remove(widget)));
  status.append(" ", button);
}

function mark(widget) {
  if (!isVote(widget)) return;
  const value = sent(widget)?.value;
  for (const button of widget.querySelectorAll("button.choice")) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
}

async function refresh(widget) {
  const { set, key } = widget.dataset;
  const answer = await call(`/v1/stats?${new URLSearchParams({ set, key })}`, { cache: "no-cache" });
  const [item] = answer.items;
  for (const place of widget.querySelectorAll("[data-count]")) {
    place.textContent = numbers.format(item.counts[place.dataset.count] ?? 0);
  }
  widget.querySelector("[data-total]").textContent = numbers.format(item.total);
  const average = widget.querySelector("[data-average]");
  if (average) average.textContent = item.average === null ? "–" : item.average.toFixed(1);
}

async function create(widget, form, button) {
  const { set, key } = widget.dataset;
  const value = valueOf(widget, form, button);
  const body = { set, key, value, visitor: visitor(), context: { title: document.title }, revokable: true };
  const answer = await call("/v1/feelbacks", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  keep(widget, answer.revokable && { id: answer.id, value, ...answer.revokable });
  if (!isVote(widget)) form.reset();
  say(widget, answer.outcome === "folded" ? "Changed." : "Thank you.", Boolean(answer.revokable));
  mark(widget);
  await refresh(widget);
}

async function remove(widget) {
  const { id, token } = sent(widget) ?? {};
  if (id) await call(`/v1/feelbacks/${id}`, { method: "DELETE", headers: { "feelback-token": token } });
  keep(widget, null);
  say(widget, "Taken back.");
  mark(widget);
  await refresh(widget);
}

// One thing at a time for each widget, and whatever goes wrong is told where it happened.
async function attempt(widget, act) {
  if (widget.ariaBusy === "true") return;
  widget.ariaBusy = "true";
  try {
    await act();
  } catch (error) {
    say(widget, error instanceof TypeError ? "The server cannot be reached. Try again." : error.message);
    widget.querySelector(".status").classList.add("wrong");
  } finally {
    widget.ariaBusy = "false";
  }
}

for (const widget of document.querySelectorAll(".widget")) {
  mark(widget);
  if (sent(widget)) say(widget, "You have answered.", true);
  widget.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    const again = isVote(widget) && button.value === sent(widget)?.value;
    attempt(widget, () => (again ? remove(widget) : create(widget, event.target, button)));
  });
}
