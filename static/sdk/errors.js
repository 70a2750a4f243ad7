// Tells the server that the SDK comes from of errors in the SDK's own code: what kind and where, at most three a page.
// In an application's bundle it tells nothing: what is whose cannot be known there.
import { settings } from "./settings.js";

const ours = /^.+\/sdk\//.exec(import.meta.url)?.[0];
let left = 3;

function report(error) {
  if (!(error instanceof Error) || !error.stack?.includes(ours) || left-- < 1) return;
  const { name, message, stack } = error;
  const told = { source: "sdk", name, message: message.slice(0, 1000), stack: stack.slice(0, 5000) };
  navigator.sendBeacon?.(settings.endpoint + "/errors", JSON.stringify(told));
}

if (ours && globalThis.addEventListener) {
  addEventListener("error", (event) => report(event.error));
  addEventListener("unhandledrejection", (event) => report(event.reason));
}
