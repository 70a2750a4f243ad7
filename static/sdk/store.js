// What the browser stores, under one name: the visitor's responses with the tokens to edit them, the queue of responses
// to send, the page keys of addresses, and, only if the page allows it, a random token for the visitor.
import { settings } from "./settings.js";

const NAME = "feelback";
const MAX_IDS = 300;
let json;
let state = { sent: {}, ids: {}, queue: [] };

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
  for (const map of [state.sent, state.ids]) for (const id of Object.keys(map).slice(0, -MAX_IDS)) delete map[id];
  try {
    area().setItem(NAME, (json = JSON.stringify(state)));
    return true;
  } catch {} // or there is none
}

export function visitor() {
  if (settings.visitor !== "token") return;
  readStore().visitor ??= crypto.getRandomValues(new Uint32Array(4)).join("");
  writeStore();
  return state.visitor;
}
