// What all elements share: when they are drawn, the placement they are for, and how they report.
import { ask, explain } from "./asking.js";
import { settings } from "./settings.js";
import { styles } from "./styles.js";

export const texts = {
  sent: "Thank you.", removed: "Taken back.", queued: "Saved. It will be sent later.",
  failed: "That failed. Please try again.",
};

// An element. Attributes that are false, null or missing are left out; true is written without a value.
export function create(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const key in attributes) {
    const value = attributes[key];
    if (value || value === 0) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child));
  return element;
}

export const span = (part, text, attributes) => create("span", { part, dir: "auto", ...attributes }, text);

// Options as text, "y|Yes|👍; n|No|👎", to a list; a list is returned as it is.
export const parse = (options) =>
  options?.split?.(";").map((part) => {
    const [value, label = value, icon] = part.split("|").map((word) => word.trim());
    return { value, label, icon };
  }) ?? options;

let sheet;
const Base = globalThis.HTMLElement ?? class {}; // on a server nothing is drawn
export const connected = new Set();

// Elements are drawn for a few milliseconds at a time, so that a page with many stays responsive.
export const drawQueue = new Set();
let isScheduled;

function draw() {
  const end = performance.now() + 3;
  isScheduled = false;
  for (const element of drawQueue) {
    drawQueue.delete(element);
    if (element.isConnected) element._update();
    if (performance.now() > end) break;
  }
  if (drawQueue.size) schedule(setTimeout);
}

function schedule(by) {
  if (!isScheduled) by(draw);
  isScheduled = true;
}

export class FeelbackElement extends Base {
  static observedAttributes = "widget page placement preset options count label look layout texts thanks".split(" ");

  connectedCallback() {
    connected.add(this);
    this._refresh();
  }

  disconnectedCallback() {
    connected.delete(this);
    this._leave?.();
  }

  attributeChangedCallback() {
    this._items = null;
    this._refresh();
  }

  _refresh() {
    drawQueue.add(this);
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

  get _address() {
    return this._attr("page") === "$path" ? location.origin + location.pathname : location.href.replace(/#(?!!?\/).*/, "");
  }

  get _target() {
    const placement = this._attr("placement");
    if (placement) return { placement };
    const page = this._attr("page");
    return { widget: this._attr("widget"), page: page?.[0] === "$" ? this._address : page || this._address };
  }

  // What goes with a response besides its value: the context, and up to 300 characters of the title of the page whose
  // address is the page key.
  get _details() {
    return {
      context: this._json("context"),
      title: (this._target.page === this._address && [...document.title].slice(0, 300).join("").trim()) || undefined,
    };
  }

  get options() {
    return this._optionList ?? parse(this._attr("options"));
  }

  set options(options) {
    this._optionList = parse(options);
    this.attributeChangedCallback();
  }

  // An attribute's JSON; null or undefined if there is none, or if it is not valid.
  _json(name) {
    try {
      return JSON.parse(this._attr(name));
    } catch {
      explain({ json: name }, this);
    }
  }

  _text(name) {
    return this._attr({ sent: "thanks" }[name]) ?? this._json("texts")?.[name] ?? settings.texts[name] ?? this._word(name);
  }

  _fire(name, detail, mark = "-") {
    return this.dispatchEvent(new CustomEvent("feelback" + mark + name, {
      detail: { ...this._target, ...detail }, bubbles: true, composed: true, cancelable: true,
    }));
  }

  _word(name) {
    return texts[name];
  }

  _say(event, text = this._text(event)) {
    if (this._status) Object.assign(this._status, { className: event, textContent: text });
  }

  // Reports to the page by an event, and to the visitor by the status line.
  _report(event, detail) {
    this._fire(event, detail);
    if (event === "counts") return;
    if (detail.error) return explain(detail.error, this);
    this._say(event);
    if (event !== "sent") return;
    this._fire("response", detail, ":");
    if (detail.followUp) ask(this, detail);
    else this._fire("done", detail, ":");
  }
}

export function define(elements) {
  for (const name in elements) globalThis.customElements?.get("feelback-" + name) ?? globalThis.customElements?.define("feelback-" + name, elements[name]);
}

export const refreshAll = () => connected.forEach((element) => element._refresh());

// Single-page applications change the address without loading a page.
if (globalThis.history) {
  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = (...args) => {
      original.apply(history, args);
      refreshAll();
    };
  }
  addEventListener("popstate", refreshAll);
}
