// <feelback-message>, <feelback-tagged-message>, <feelback-form>: elements in which a visitor writes.
import { explain } from "./asking.js";
import { send } from "./client.js";
import { presets } from "./choice.js";
import { create, FeelbackElement, parse, span, texts } from "./element.js";

Object.assign(texts, {
  message: "Your message", email: "Your e-mail", optional: "(optional)", tag: "What is it about?",
  send: "Send", sending: "Sending …", again: "Write another", cancel: "Cancel", open: "Give feedback", choose: "Choose …",
});
const MAX_CHARS = 5000;

class WrittenElement extends FeelbackElement {
  _update() {
    if (this._items) return;
    const fields = this._fields();
    if (!fields) return;
    this._items = fields;
    const isDialog = this._attr("layout") === "dialog";
    const button = create("button", { part: "button send" }, this._text("send"));
    button.onclick = (event) => (this._pressed = event);
    const cancel = isDialog && create("button", { type: "button", part: "button cancel" }, this._text("cancel"));
    const label = this._attr("label");
    const form = (this._form = create("form", { part: "form", "aria-label": !isDialog && label },
      label && span("question", label), ...fields.map((field) => this._field(field)), create("span", { part: "actions" }, button, cancel)));
    this._again = create("button", { type: "button", part: "button again", hidden: true }, this._text("again"));
    this._again.onclick = () => this._show(true);
    form.onsubmit = (event) => {
      event.preventDefault();
      this._submit(new FormData(form));
    };
    if (!isDialog) return this._draw(create("div", { class: "writing" }, form), this._again), this._placeStatus();
    const dialog = create("dialog", { part: "dialog", "aria-label": label || this._text("open") }, form);
    const open = create("button", { type: "button", part: "button open" }, this._text("open"));
    open.onclick = () => {
      if (form.hidden) this._show(true);
      dialog.showModal();
    };
    cancel.onclick = () => dialog.close();
    this._draw(open, dialog);
    dialog.append(this._again);
    this._placeStatus(dialog);
  }

  // The status takes the place of the form.
  _placeStatus(place = this._root.querySelector(".writing")) {
    this._status.tabIndex = -1;
    place.append(this._status, this._again);
  }

  _show(isOpen) {
    this._form.hidden = !isOpen;
    this._again.hidden = isOpen;
    if (isOpen) {
      this._endFollowUp?.();
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
      return create("fieldset", { part: "tags" }, create("legend", {}, label),
        ...choices.map((tag) => create("label", { part: "tag" }, create("input", { type: "radio", name, value: tag.value, required: true }),
          tag.icon && span("icon", tag.icon, { "aria-hidden": "true" }), tag.label)));
    const bounds = kind === "number" ? { min, max, step: "any" } : { minlength: min, maxlength: max ?? MAX_CHARS };
    const isLong = kind === "message" || ((kind ?? "text") === "text" && (max ?? 0) > 200);
    const input =
      kind === "choice" ? create("select", { name, required }, !required && create("option", { value: "" }, this._text("choose")), ...choices.map((one) => create("option", { value: one }, one)))
      : kind === "boolean" ? create("input", { type: "checkbox", name, required })
      : isLong ? create("textarea", { name, required, ...bounds, rows: 4 })
      : create("input", { name, required, ...bounds, type: kind ?? "text", autocomplete: kind === "email" && "email" });
    return create("label", { part: "field", class: kind }, span("label", text.join("")), input);
  }

  async _submit(data) {
    const value = this._value(data);
    const user = data.get("$user");
    if (this._isBusy || !this._fire("sending", { value })) return;
    this._isBusy = true;
    this._status.className = "sending";
    this._status.textContent = this._text("sending");
    try {
      const details = this._details;
      if (user) details.context = { ...details.context, $user: user };
      const result = await send({ ...this._target, value, ...details });
      this._report(result.outcome === "queued" ? "queued" : "sent", { value, ...result });
      this._show(false);
    } catch (error) {
      this._report("failed", { value, error });
    }
    this._isBusy = false;
  }

  _messageField(required) {
    return { name: "message", kind: "message", label: this._text("message"), required };
  }

  _emailField() {
    const email = this._attr("email"); // "required"; any other value makes it optional
    return email == null ? [] : [{ name: "$user", kind: "email", label: this._text("email"), required: email === "required", max: 254 }];
  }
}

export class Message extends WrittenElement {
  _fields() {
    return [this._messageField(true), ...this._emailField()];
  }

  _value(data) {
    return data.get("message");
  }
}

export class TaggedMessage extends WrittenElement {
  _fields() {
    const choices = this.options ?? this._inWords(parse(presets[this._attr("preset")]) ?? this._fromWidget("options"));
    const message = this._attr("message"); // "required" or "none"; any other value makes it optional
    return choices && [{ name: "tag", kind: "tags", label: this._text("tag"), choices },
      ...(message === "none" ? [] : [this._messageField(message === "required")]), ...this._emailField()];
  }

  _value(data) {
    return { tag: data.get("tag"), message: data.get("message") || undefined };
  }
}

export class Form extends WrittenElement {
  get fields() {
    return this._fieldList ?? this._json("fields");
  }

  set fields(fields) {
    this._fieldList = fields;
    this.attributeChangedCallback();
  }

  _fields() {
    const fields = this.fields ?? this._fromWidget("fields");
    if (!fields || fields[0] || !this._attr("widget")) return fields;
    explain({ fields }, this);
  }

  _value(data) {
    const value = {};
    for (const { name, kind } of this._items) {
      const text = data.get(name);
      if (text) value[name] = kind === "number" ? +text : kind === "boolean" || text;
    }
    return value;
  }
}
