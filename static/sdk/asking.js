// Loads what asks why, for the first visitor who chose an option with a follow-up, or whose steps wait to be sent.
import { grow } from "./client.js";
import { create, span } from "./element.js";
import { readStore, writeStore } from "./store.js";

const load = () => import("./follow_up.js");

export const ask = async (element, detail) =>
  (await load()).default({ _create: create, _span: span, _grow: grow, _readStore: readStore, _writeStore: writeStore }, element, detail);

if (globalThis.document && readStore().steps?.[0]) queueMicrotask(ask);
