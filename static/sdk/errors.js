// Reports errors in the SDK's own code to the server that the SDK is loaded from: their kind and place, at most three a
// page. In an application's bundle nothing is reported: there, the application's errors look the same.
import { settings } from "./settings.js";

const folder = /^.+\/sdk\//.exec(import.meta.url)?.[0];
let remaining = 3;

function report(error) {
  if (!(error instanceof Error) || !error.stack?.includes(folder) || remaining-- < 1) return;
  const { name, message, stack } = error;
  const body = { source: "sdk", name, message: message.slice(0, 1000), stack: stack.slice(0, 5000) };
  navigator.sendBeacon?.(settings.endpoint + "/errors", JSON.stringify(body));
}

if (folder && globalThis.addEventListener) {
  addEventListener("error", (event) => report(event.error));
  addEventListener("unhandledrejection", (event) => report(event.reason));
}
