// A form that works without JavaScript, to stand in an element that a server renders: the element takes its place once its
// script has loaded.
import { presets } from "./choice.js";
import { parse } from "./element.js";
import "./reaction.js";

// What the form is made of; undefined where it cannot work: options that only the server knows, or a page without an address.
export function plainForm({ type, endpoint, widget, page, label, preset, options }) {
  const isMessage = type === "message";
  const buttons = isMessage ? [{ label: "Send" }] : parse(options ?? presets[preset ?? type]);
  if (!endpoint || !widget || !/^https?:/.test(page) || !buttons) return;
  return { action: endpoint.replace(/\/$/, "") + "/v1/responses", hidden: { widget, page }, label, isMessage, buttons };
}
