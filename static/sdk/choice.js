// Elements that are one or several buttons, of which a visitor presses one.
import { make, parse, span, Widget } from "./element.js";
import { topic } from "./topic.js";

export const presets = {
  pulse: "+|Like|👍",
  yesno: "y|Yes|👍;n|No|👎",
};

let numbers;
export const grouped = (number) => (numbers ??= new Intl.NumberFormat(document.documentElement.lang || undefined)).format(number);

export class Choice extends Widget {
  _options() {
    const name = this._attr("preset") ?? this.localName.slice(9);
    return this.options ?? parse(presets[name]) ?? this._fromSet?.("options");
  }

  _update() {
    const now = topic(this._target);
    if (now !== this._topic) this._leave();
    now._views.add(this);
    this._topic = now;
    const options = this._drawn ?? this._options();
    if (options && !this._drawn) this._build((this._drawn = options));
    if (this.hasAttribute("count") && !now._counts) now._load();
    this._sync();
  }

  _leave() {
    this._topic?._views.delete(this);
  }

  _build(options) {
    const look = this._attr("look") ?? this._look;
    const label = this._attr("label");
    this._buttons = options.map(({ value, label, icon }) => {
      const isBare = look === "icons" && icon;
      const button = make("button", { type: "button", part: "button", value, title: isBare && label },
        look !== "labels" && icon && span("icon", icon, { "aria-hidden": "true" }),
        span("label", label, { class: isBare && "hidden" }),
        this.hasAttribute("count") && span("count"));
      button.onclick = () => this._press(value);
      return button;
    });
    const isGroup = options[1] && { role: "group", "aria-label": label || "Feelback" };
    this._draw(label && span("question", label), ...this._around(make("div", { part: "choices", ...isGroup }, ...this._buttons)));
  }

  _around(group) {
    return [group];
  }

  _press(value) {
    const wanted = this._topic._want === value ? undefined : value;
    if (this._fire("sending", { value: wanted })) this._topic._choose(wanted, this._context);
  }

  _told(event, detail) {
    this._sync();
    if (event) super._told(event, detail);
  }

  _sync() {
    for (const button of this._drawn ? this._buttons : []) {
      button.ariaPressed = button.value === this._topic._want;
      const place = button.querySelector("[part=count]");
      const count = this._topic._count(button.value);
      if (place && count != null) place.textContent = grouped(count);
    }
  }
}
