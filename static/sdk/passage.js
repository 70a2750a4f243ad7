// <feelback-passage>: what visitors say of a passage, which they select or whose mark they press. A script of its own, for
// pages that use it.
import "./errors.js";
import "./more_styles.js";
import { anchor, selectors } from "./anchor.js";
import { create, define, span, texts } from "./element.js";
import { TaggedMessage } from "./forms.js";
import "./languages.js";
import { PageText } from "./page_text.js";
import { settings } from "./settings.js";
import { styles } from "./styles.js";
import "./widget_description.js";

export { configure } from "./settings.js";
export { anchor };

Object.assign(texts, {
  comment: "Comment on the selected words", hint: "Select words of this page to comment on them.", section: "Comment on this section",
  code: "Comment on this code", close: "Close", passage: "Comment on",
});
const LONGEST = 1000; // characters of a passage
const HEADINGS = "h2, h3, h4, h5, h6";
const MARKED = { all: HEADINGS + ", pre", headings: HEADINGS, code: "pre" };

styles.push(`
:host(feelback-passage) { display: block; min-block-size: 4.5em }
:host(feelback-mark) { display: inline; position: absolute; min-block-size: 0; margin-inline-start: .25em; line-height: 1; font-size: 1rem; font-weight: 400; white-space: normal; user-select: none }
[part~=mark] { min-inline-size: 1.75rem; min-block-size: 1.75rem; padding: 0; border: 0; opacity: .7 }
[part~=mark]:hover, [part~=mark]:focus-visible { opacity: 1 }
[part=hint] { display: block; font-size: .875em }
[part=passage] { margin: 0; padding-inline-start: .75em; border-inline-start: .25em solid var(--a); max-block-size: 9em; overflow: auto; white-space: pre-line; overflow-wrap: anywhere }
[part~=float] { position: fixed; z-index: 2147483647; background: var(--feelback-surface, Canvas); color: var(--feelback-on-surface, CanvasText) }
[part~=float][hidden] { display: none }
`);

function bubble() {
  const element = (name, attributes, ...children) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    node.append(...children);
    return node;
  };
  return element("svg", { viewBox: "0 0 16 16", width: 16, height: 16, fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-linejoin": "round", "aria-hidden": "true" },
    element("path", { d: "M2 2.5h12v8.5H8l-3.5 3v-3H2z" }));
}

// A button at a heading or a code block, inside of it and out of its flow: nothing moves when it comes.
class Mark extends (globalThis.HTMLElement ?? class {}) {
  _draw(sheets, label, onpress) {
    const button = create("button", { type: "button", part: "mark", "aria-label": label, title: label }, bubble());
    button.onclick = onpress;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = sheets;
    root.replaceChildren(button);
  }

  // At the end of a full line it would stand beside its block, maybe beside the page: it goes above the line's end. In code, which
  // may end with an empty line, it goes to the corner.
  _place() {
    this.style.translate = "";
    const block = this.parentElement;
    const { left, right, bottom } = block.getBoundingClientRect();
    const own = this.getBoundingClientRect();
    const toLeft = right - own.right, toRight = left - own.left;
    if (block.localName === "pre") this.style.translate = `${getComputedStyle(block).direction === "rtl" ? toRight : toLeft}px ${bottom - own.bottom}px`;
    else if (toLeft < 0 || toRight > 0) this.style.translate = `${toLeft < 0 ? toLeft : toRight}px ${-0.6 * own.height}px`;
  }
}

class Passage extends TaggedMessage {
  static observedAttributes = [...TaggedMessage.observedAttributes, "for", "marks", "email", "message"];

  // The form is always in a dialog.
  _attr(name) {
    return name === "layout" ? "dialog" : super._attr(name);
  }

  get _article() {
    const selector = this._attr("for");
    return selector ? document.querySelector(selector) : this.closest("article, main") ?? document.querySelector("article, main") ?? document.body;
  }

  // Of a page without the article: no words.
  get _page() {
    return new PageText(this._article ?? document.createElement("p"));
  }

  _fields() {
    const isTagged = this.options || this._attr("preset") || this._fromWidget("type");
    if (isTagged === "message") return [this._messageField(true), ...this._emailField()];
    return isTagged && super._fields();
  }

  _value(data) {
    return data.has("tag") ? super._value(data) : data.get("message");
  }

  get _details() {
    return { ...super._details, passage: this._passage };
  }

  _update() {
    const isDrawn = this._items;
    super._update();
    if (!this._items) return;
    if (!isDrawn) this._complete();
    if (!this._stop) this._listen();
    this._mark();
  }

  _complete() {
    const find = (part) => this._root.querySelector(`[part~=${part}]`);
    const open = find("open");
    this._dialog = find("dialog");
    this._quote = create("blockquote", { part: "passage", dir: "auto", tabindex: 0, "aria-label": this._text("passage") });
    this._form.prepend(this._quote);
    open.textContent = this._text("comment");
    open.onclick = () => this._open(this._range);
    this._hint = create("span", { part: "hint" }, this._text("hint"));
    this._float = create("button", { type: "button", part: "button float", hidden: true, tabindex: -1 }, this._text("comment"));
    // Pressing it must not take the selection away before it is read.
    this._float.onpointerdown = (event) => event.preventDefault();
    this._float.onclick = () => this._open(this._range);
    this._again.textContent = this._text("close");
    this._again.onclick = () => this._dialog.close();
    this._dialog.addEventListener("close", () => highlight());
    open.after(this._hint, this._float);
  }

  _listen() {
    const { signal } = (this._stop = new AbortController());
    document.addEventListener("selectionchange", () => this._select(), { signal });
    addEventListener("scroll", () => this._showFloat(), { signal, passive: true, capture: true });
    addEventListener("resize", () => (this._showFloat(), this._place()), { signal, passive: true });
    let timer;
    this._observer = new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(() => this.isConnected && this._mark(), 200);
    });
    this._observer.observe(document.body, { childList: true, subtree: true });
    // The panel has opened this page to see where passages are now. Nobody else may ask.
    const panel = new URL(settings.endpoint || location.origin, location.href).origin;
    addEventListener("message", ({ source, origin, data }) => {
      if (source && source === globalThis.opener && origin === panel && Array.isArray(data?.feelbackPassages))
        source.postMessage({ feelbackPlaces: this._find(data.feelbackPassages) }, origin);
    }, { signal });
    globalThis.opener?.postMessage("feelback-passage", panel);
  }

  _leave() {
    this._stop?.abort();
    this._observer?.disconnect();
    this._stop = undefined;
    for (const mark of document.querySelectorAll("feelback-mark")) if (mark._owner === this) mark.remove();
  }

  _mark() {
    const marked = MARKED[this._attr("marks") ?? "all"];
    const article = this._article;
    if (!article || !marked) return;
    for (const block of article.querySelectorAll(marked)) {
      if (block.querySelector("feelback-mark") || block.closest("[contenteditable]") || !block.textContent.trim()) continue;
      const mark = document.createElement("feelback-mark");
      mark._owner = this;
      block.append(mark);
      mark._draw(this._root.adoptedStyleSheets, this._text(block.localName === "pre" ? "code" : "section"), () => {
        const range = document.createRange();
        range.selectNodeContents(block);
        this._open(range);
      });
    }
    this._place();
  }

  _place() {
    for (const mark of document.querySelectorAll("feelback-mark")) mark._place();
  }

  // A selection lasts while the visitor works in this element.
  _select() {
    const selection = getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : undefined;
    const isOurs = range && this._article?.contains(range.commonAncestorContainer) && range.toString().trim();
    if (isOurs) this._range = range.cloneRange();
    else if (document.activeElement !== this) this._range = undefined;
    this._showFloat();
  }

  _showFloat() {
    if (!this._float) return;
    const boxes = [...(this._range && !this._dialog.open ? this._range.getClientRects() : [])].filter(({ width }) => width);
    const box = boxes.at(-1);
    this._float.hidden = !box;
    if (!box) return;
    const { offsetWidth, offsetHeight } = this._float;
    const below = box.bottom + 8;
    const top = below + offsetHeight < innerHeight ? below : boxes[0].top - offsetHeight - 8;
    this._float.style.top = top + "px";
    this._float.style.left = Math.max(4, Math.min(box.left, document.documentElement.clientWidth - offsetWidth - 4)) + "px";
  }

  // Whoever closed the dialog before the reply came reads it beside the button.
  async _report(event, detail) {
    await super._report(event, detail);
    if (this._dialog.open) return;
    this._hint.role = "status";
    this._hint.textContent = this._status.textContent;
  }

  // Until the reply has come it shows what is being sent.
  _open(range) {
    if (this._isBusy) return this._dialog.showModal();
    const page = this._page;
    let place = range && page.offsets(range);
    this._hint.role = "status";
    if (!place) return void (this._hint.textContent = this._text("hint"));
    place = page.words(place.start, Math.min(place.end, place.start + LONGEST));
    place.end = Math.min(place.end, place.start + LONGEST);
    if (/[\ud800-\udbff]/.test(page.text[place.end - 1])) place.end--; // half a character
    this._passage = { ...selectors(page.text, place.start, place.end), heading: page.heading(place.start) };
    this._quote.textContent = this._passage.exact;
    if (this._form.hidden) this._show(true);
    this._status.textContent = "";
    this._float.hidden = true;
    highlight([page.range(place.start, place.end)]);
    this._dialog.showModal();
    this._form.querySelector("input, textarea, select").focus();
  }

  // Where each passage is now, or that it is outdated; and shows them.
  _find(passages) {
    const page = this._page;
    const ranges = [];
    const places = passages.map((passage) => {
      const place = anchor(page.text, passage);
      if (!place) return { id: passage.id, outdated: true };
      ranges.push(page.range(place.start, place.end));
      return { id: passage.id, ...place, heading: page.heading(place.start), current: page.text.slice(place.start, place.end) };
    });
    highlight(ranges);
    return places;
  }
}

let sheet;
// Marks ranges without touching the page, where the browser can.
function highlight(ranges = []) {
  if (!globalThis.Highlight) return;
  if (!sheet) {
    (sheet = new CSSStyleSheet()).replaceSync("::highlight(feelback-passage) { background-color: #fde68a; color: #1c1917 }");
    document.adoptedStyleSheets.push(sheet);
  }
  CSS.highlights.set("feelback-passage", new Highlight(...ranges));
}

define({ passage: Passage, mark: Mark });
