// What this browser keeps, under one name: what its visitor has answered, so that it can be shown and taken back; what
// could not be sent yet; and, only if the page allows it, a random token for the visitor.
import { settings } from "./settings.js";

const NAME = "feelback";
const MOST = 300;
let raw;
let held = { sent: {}, queue: [] };

function area() {
  try {
    return globalThis[settings.store + "Storage"]; // none, where the page says so or the browser forbids it
  } catch {}
}

export function kept() {
  const now = area()?.getItem(NAME);
  if (now && now !== raw)
    try {
      held = { ...held, ...JSON.parse((raw = now)) };
    } catch {}
  return held;
}

export function keep() {
  for (const id of Object.keys(held.sent).slice(0, -MOST)) delete held.sent[id];
  try {
    area()?.setItem(NAME, (raw = JSON.stringify(held)));
  } catch {}
}

export function visitor() {
  if (settings.visitor !== "token") return;
  kept().visitor ??= [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(36)).join("");
  keep();
  return held.visitor;
}
