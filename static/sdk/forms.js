// <feelback-message>, <feelback-tagged-message>, <feelback-form>: elements in which a visitor writes.
import { send } from "./client.js";
import { presets } from "./choice.js";
import { make, parse, span, texts, Widget } from "./element.js";

Object.assign(texts, {
  message: "Your message", email: "Your e-mail", optional: "(optional)", tag: "What is it about?",
  send: "Send", again: "Write another", cancel: "Cancel", open: "Give feedback", choose: "Choose …",
});
const MOST_CHARS = 5000;

class Writing extends Widget {
  _update() {
    if (this._drawn) return;
    const fields = this._fields();
    if (!fields) return;
    this._drawn = fields;
    const isDialog = this._attr("layout") === "dialog";
    const button = make("button", { part: "button send" }, this._text("send"));
    const cancel = isDialog && make("button", { type: "button", part: "button cancel" }, this._text("cancel"));
    const label = this._attr("label");
    const form = (this._form = make("form", { part: "form", "aria-label": !isDialog && label },
      label && span("question", label), ...fields.map((field) => this._field(field)), make("span", { part: "actions" }, button, cancel)));
    this._again = make("button", { type: "button", part: "button again", hidden: true }, this._text("again"));
    this._again.onclick = () => this._show(true);
    form.onsubmit = (event) => {
      event.preventDefault();
      this._submit(new FormData(form));
    };
    if (!isDialog) return this._draw(make("div", { class: "writing" }, form), this._again), this._move();
    const dialog = make("dialog", { part: "dialog", "aria-label": label || this._text("open") }, form);
    const open = make("button", { type: "button", part: "button open" }, this._text("open"));
    open.onclick = () => {
      if (form.hidden) this._show(true);
      dialog.showModal();
    };
    cancel.onclick = () => dialog.close();
    this._draw(open, dialog);
    dialog.append(this._again);
    this._move(dialog);
  }

  // What is said stands where the form was.
  _move(place = this._root.querySelector(".writing")) {
    this._status.tabIndex = -1;
    place.append(this._status, this._again);
  }

  _show(isOpen) {
    this._form.hidden = !isOpen;
    this._again.hidden = isOpen;
    if (isOpen) {
      this._status.textContent = "";
      this._form.elements[0].focus();
    } else {
      this._form.reset();
      this._status.focus();
    }
  }

  _field({ name, kind, label, required, min, max, choices }) {
    const text = [label || name, required ? "" : " " + this._text("optional")];
    if (kind === "tags")
      return make("fieldset", { part: "tags" }, make("legend", {}, label),
        ...choices.map((tag) => make("label", { part: "tag" }, make("input", { type: "radio", name, value: tag.value, required: true }),
          tag.icon && span("icon", tag.icon, { "aria-hidden": "true" }), tag.label)));
    const bounds = kind === "number" ? { min, max, step: "any" } : { minlength: min, maxlength: max ?? MOST_CHARS };
    const isLong = kind === "message" || ((kind ?? "text") === "text" && (max ?? 0) > 200);
    const input =
      kind === "choice" ? make("select", { name, required }, !required && make("option", { value: "" }, this._text("choose")), ...choices.map((one) => make("option", { value: one }, one)))
      : kind === "boolean" ? make("input", { type: "checkbox", name, required })
      : isLong ? make("textarea", { name, required, ...bounds, rows: 4 })
      : make("input", { name, required, ...bounds, type: kind ?? "text", autocomplete: kind === "email" && "email" });
    return make("label", { part: "field", class: kind }, span("label", text.join("")), input);
  }

  async _submit(data) {
    const value = this._value(data);
    const user = data.get("$user");
    if (this._isBusy || !this._fire("sending", { value })) return;
    this._isBusy = true;
    try {
      const told = await send({ ...this._target, value, context: user ? { ...this._context, $user: user } : this._context });
      this._told(told.outcome === "queued" ? "queued" : "sent", { value, ...told });
      this._show(false);
    } catch (error) {
      this._told("failed", { value, error });
      if (error.status === 422) this._status.textContent = error.message;
    }
    this._isBusy = false;
  }

  _messageField(required) {
    return { name: "message", kind: "message", label: this._text("message"), required };
  }

  _emailField() {
    const wanted = this._attr("email"); // "required", or else optional
    return wanted == null ? [] : [{ name: "$user", kind: "email", label: this._text("email"), required: wanted === "required", max: 254 }];
  }
}

export class Message extends Writing {
  _fields() {
    return [this._messageField(true), ...this._emailField()];
  }

  _value(data) {
    return data.get("message");
  }
}

export class TaggedMessage extends Writing {
  _fields() {
    const choices = this.options ?? parse(presets[this._attr("preset")]) ?? this._fromSet("options");
    const message = this._attr("message"); // "required" or "none", or else optional
    return choices && [{ name: "tag", kind: "tags", label: this._text("tag"), choices },
      ...(message === "none" ? [] : [this._messageField(message === "required")]), ...this._emailField()];
  }

  _value(data) {
    return { tag: data.get("tag"), message: data.get("message") || undefined };
  }
}

export class Form extends Writing {
  get fields() {
    return this._givenFields ?? JSON.parse(this._attr("fields"));
  }

  set fields(fields) {
    this._givenFields = fields;
    this.attributeChangedCallback();
  }

  _fields() {
    return this.fields ?? this._fromSet("fields");
  }

  _value(data) {
    const value = {};
    for (const { name, kind } of this._drawn) {
      const text = data.get(name);
      if (text) value[name] = kind === "number" ? +text : kind === "boolean" || text;
    }
    return value;
  }
}
