// Elements of one or several buttons, of which a visitor presses one.
import { create, FeelbackElement, parse, span } from "./element.js";
import { placementOf } from "./placement.js";

export const presets = {
  pulse: "+|Like|👍",
  yesno: "y|Yes|👍;n|No|👎",
};

export class Choice extends FeelbackElement {
  _options() {
    const name = this._attr("preset") ?? this.localName.slice(9);
    return this.options ?? parse(presets[name]) ?? this._fromWidget?.("options");
  }

  _format(number, options) {
    return number.toLocaleString(document.documentElement.lang || undefined, options);
  }

  _update() {
    const placement = placementOf(this._target);
    if (placement !== this._placement) this._leave();
    placement._elements.add(this);
    this._placement = placement;
    const options = this._items ?? this._options();
    if (options && !this._items) this._build((this._items = options));
    if (this.hasAttribute("count") && !placement._isRead) placement._load();
    this._sync();
  }

  _leave() {
    this._placement?._elements.delete(this);
  }

  _build(options) {
    const look = this._attr("look") ?? this._look;
    const label = this._attr("label");
    this._buttons = options.map(({ value, label, icon }) => {
      const isBare = look === "icons" && icon;
      const button = create("button", { type: "button", part: "button", value, title: isBare && label },
        look !== "labels" && icon && span("icon", icon, { "aria-hidden": "true" }),
        span("label", label, { class: isBare && "hidden" }),
        this.hasAttribute("count") && span("count"));
      button.onclick = (event) => this._press(value, event);
      return button;
    });
    const isGroup = options[1] && { role: "group", "aria-label": label || "Feelback" };
    this._draw(label && span("question", label), ...this._wrap(create("div", { part: "choices", ...isGroup }, ...this._buttons)));
  }

  _wrap(group) {
    return [group];
  }

  _press(value, event) {
    const choice = this._placement._choice === value ? undefined : value;
    if (!this._fire("sending", { value: choice })) return;
    // Nothing moves when the server's reply comes: its words have their room from now on.
    this._status.dataset.room = this._text(choice ? "sent" : "removed");
    this._pressed = event;
    this._placement._asker = this;
    this._placement._choose(choice, this._details);
  }

  _report(event, detail) {
    this._sync();
    if (event) super._report(event, detail);
  }

  _sync() {
    this._endFollowUp?.();
    for (const button of this._items ? this._buttons : []) {
      button.setAttribute("aria-pressed", button.value === this._placement._choice);
      const counter = button.querySelector("[part=count]");
      const count = this._placement._count(button.value);
      if (counter && count != null) counter.textContent = this._format(count);
    }
  }
}
