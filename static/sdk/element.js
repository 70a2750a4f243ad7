// What all elements have in common: when they are drawn, what they are about, what they say.
import { settings } from "./settings.js";
import { styles } from "./styles.js";

export const texts = {
  sent: "Thank you.", removed: "Taken back.", queued: "Saved. It will be sent when you are online.",
  failed: "That failed. Please try again.", closed: "It can no longer be taken back.",
};

// An element; attributes that are false, null or missing are left out, true is there without a value.
export function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const key in attributes) {
    const value = attributes[key];
    if (value === true || value || value === 0) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child));
  return element;
}

export const span = (part, text, attributes) => make("span", { part, ...attributes }, text);

// "y|Yes|👍; n|No|👎", or the same as objects
export const parse = (options) =>
  options?.split?.(";").map((part) => {
    const [value, label = value, icon] = part.split("|").map((word) => word.trim());
    return { value, label, icon };
  }) ?? options;

let sheet;
const Base = globalThis.HTMLElement ?? class {}; // on a server there is nothing to draw
const live = new Set();

// Drawn by turns of a few milliseconds, so that many on a page do not hold it up.
export const waiting = new Set();
let isScheduled;

function draw() {
  const end = performance.now() + 3;
  isScheduled = false;
  for (const element of waiting) {
    waiting.delete(element);
    if (element.isConnected) element._update();
    if (performance.now() > end) break;
  }
  if (waiting.size) schedule(setTimeout);
}

function schedule(by) {
  if (!isScheduled) by(draw);
  isScheduled = true;
}

export class Widget extends Base {
  static observedAttributes = ["set", "content", "content-key", "preset", "options", "count", "label", "look", "layout", "texts"];

  connectedCallback() {
    live.add(this);
    this._refresh();
  }

  disconnectedCallback() {
    live.delete(this);
    this._leave?.();
  }

  attributeChangedCallback() {
    this._drawn = null;
    this._refresh();
  }

  _refresh() {
    waiting.add(this);
    schedule(queueMicrotask);
  }

  _attr(name) {
    return this.getAttribute(name);
  }

  _draw(...parts) {
    if (!this.shadowRoot) {
      if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(styles.join(""));
      this._root = this.attachShadow({ mode: "open" });
      this._root.adoptedStyleSheets = [sheet];
    }
    this._status = span("status", "", { role: "status" });
    this._root.replaceChildren(...parts.filter((part) => part), this._status);
  }

  get _target() {
    const content = this._attr("content");
    if (content) return { content };
    const key = this._attr("content-key");
    const here = key === "$path" ? location.origin + location.pathname : location.href.replace(/#(?!!?\/).*/, "");
    return { set: this._attr("set"), key: key?.[0] === "$" ? here : key || here };
  }

  get _context() {
    return JSON.parse(this._attr("context")) ?? undefined;
  }

  get options() {
    return this._given ?? parse(this._attr("options"));
  }

  set options(options) {
    this._given = parse(options);
    this.attributeChangedCallback();
  }

  _text(name) {
    return JSON.parse(this._attr("texts"))?.[name] ?? settings.texts[name] ?? texts[name];
  }

  _fire(name, detail) {
    return this.dispatchEvent(new CustomEvent("feelback-" + name, {
      detail: { ...this._target, ...detail }, bubbles: true, composed: true, cancelable: true,
    }));
  }

  // Told to the page, and to whoever looks or listens.
  _told(event, detail) {
    this._fire(event, detail);
    if (event === "counts") return;
    const { error } = detail;
    this._status.className = event;
    this._status.textContent = this._text(error?.text ?? event);
    if (error) console.warn("Feelback", error);
  }
}

export function define(elements) {
  for (const name in elements) globalThis.customElements?.get("feelback-" + name) ?? globalThis.customElements?.define("feelback-" + name, elements[name]);
}

// Pages that change their address without loading anew.
if (globalThis.history) {
  const moved = () => live.forEach((element) => element._refresh());
  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = (...given) => {
      original.apply(history, given);
      moved();
    };
  }
  addEventListener("popstate", moved);
}
