// What the browser stores, under one name: the visitor's responses with the tokens to edit them, the queue of responses
// to send, and, only if the page allows it, a random token for the visitor.
import { settings } from "./settings.js";

const NAME = "feelback";
const MAX_SENT = 300;
let json;
let state = { sent: {}, queue: [] };

function area() {
  try {
    return globalThis[settings.store + "Storage"]; // undefined for "none"; throws where the browser forbids it
  } catch {}
}

export function readStore() {
  const stored = area()?.getItem(NAME);
  if (stored && stored !== json)
    try {
      state = { ...state, ...JSON.parse((json = stored)) };
    } catch {}
  return state;
}

// Whether the browser has stored it.
export function writeStore() {
  for (const id of Object.keys(state.sent).slice(0, -MAX_SENT)) delete state.sent[id];
  try {
    area().setItem(NAME, (json = JSON.stringify(state)));
    return true;
  } catch {} // or there is none
}

export function visitor() {
  if (settings.visitor !== "token") return;
  readStore().visitor ??= [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(36)).join("");
  writeStore();
  return state.visitor;
}
