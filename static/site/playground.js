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

// The address without what is empty.
function address() {
  const choices = [...new FormData(form)].filter(([, value]) => value);
  return `${location.pathname}?${new URLSearchParams(choices)}`;
}

const swap = (page, id) => document.getElementById(id).replaceWith(page.getElementById(id));

let latest = 0;
async function show({ target }) {
  const error = document.getElementById("play-error");
  error.textContent = "";
  if (!form.checkValidity()) return;
  const to = address(), number = ++latest;
  const reply = await fetch(to).catch(() => null);
  if (number !== latest) return; // a later change overtook it
  if (!reply?.ok) {
    error.textContent = reply ? "This choice is not valid. Check the options." : "The server cannot be reached. Try again.";
    return;
  }
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  if (number !== latest) return;
  paint(page);
  if (target?.name === "kind") swap(page, "play-words");
  swap(page, "play-preview");
  swap(page, "play-code");
  history.replaceState(null, "", to);
}

let timer;
form.addEventListener("input", (event) => {
  if (event.target.name === "accent") form.elements.own_accent.checked = true;
  clearTimeout(timer);
  timer = setTimeout(show, 150, event);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show(event);
});
form.querySelector("button[type=submit]").hidden = true;
paint(document);
