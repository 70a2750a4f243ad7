// Loads what most visitors do not need: what asks why, for those who chose an option with a follow-up or whose steps wait
// to be sent; the words for what went wrong; and those of other languages. In a bundle it is there from the start, as
// browsers may not load a module again that failed once; tests/sdk/build.mjs makes it a file of its own.
import { call } from "./client.js";
import { create, span } from "./element.js";
import * as more from "./more.js";
import { settings } from "./settings.js";
import { readStore, writeStore } from "./store.js";

export const use = async (name, ...rest) =>
  more[name]({ _create: create, _span: span, _call: call, _readStore: readStore, _writeStore: writeStore, _settings: settings }, ...rest);

export const ask = (element, detail) => use("ask", element, detail);
// Says in the console, on localhost on the page too, and in the element's status if there is one, what went wrong.
export const explain = (error, source) => use("explain", error, source).catch(() => source._say?.("failed"));
