// Asks why: a question, reasons, words and an email address, each of which a visitor may leave out. Every answer is a step
// of its own, sent at once, so that a closed tab loses none. It uses the tools of the script that loads it.
import { flush, send, steps } from "./follow_up_steps.js";
import { styles } from "./follow_up_styles.js";
import { reason } from "./words.js";

const MAX_CHARS = 5000;
const LONG = 60_000, LATE = 400; // in ms after a press; what moves more than 500 ms after it counts as a shift of the layout
export const texts = { message: "Your message", email: "Your e-mail", optional: "(optional)", send: "Send", close: "Close", saved: "Saved." };
let sheet;

// Without an element it sends what waits to be sent.
export default (tools, element, detail) => (element ? open(tools, element, detail) : flush(tools));

function open(tools, element, { id, value, revokable, followUp }) {
  const { _create: create, _span: span } = tools;
  const { _placement: placement, _pressed: press, _root: root, _status: status } = element;
  const isAsked = () => !placement || (element._placement === placement && placement._choice === value);
  // Of several elements of a placement, the one that was pressed asks; not long after, when a queued vote was sent.
  const age = performance.now() - press?.timeStamp;
  if (!(age < LONG) || !isAsked() || (placement && placement._asker !== element)) return;
  element._endFollowUp?.(true);
  const text = (name) => element._text(name) ?? texts[name];
  const fire = (name, detail, mark = ":") => element._fire(name, { id, value, ...detail }, mark);
  const { question, multiple, reasons, message, contact } = followUp;
  const before = root.activeElement;

  let mentioned = [], stored = [];
  const buttons = reasons.map((reason) => {
    const button = create("button", { type: "button", part: "button reason", value: reason.value }, span("label", reason.label));
    button.onclick = () => {
      const others = mentioned.filter((each) => multiple && each !== reason.value);
      mention(mentioned.includes(reason.value) ? others : [...others, reason.value]);
      save({ reasons: mentioned });
    };
    return button;
  });
  const mention = (values) => {
    mentioned = values;
    for (const button of buttons) button.ariaPressed = values.includes(button.value);
  };
  mention([]);

  const sent = {};
  let isOpen = true;
  const inputs = [
    message && create("textarea", { name: "message", maxlength: MAX_CHARS, rows: 3 }),
    contact && create("input", { name: "contact", maxlength: 254, type: "email", autocomplete: "email" }),
  ].filter((input) => input);
  // What was written and not sent yet; a valid one only.
  const written = () => {
    const parts = {};
    for (const { name, value, validity } of inputs)
      if (validity.valid && value.trim() !== (sent[name] ?? "")) parts[name] = (sent[name] = value.trim()) || null;
    return parts;
  };
  const fields = inputs.map((input) => {
    input.part = "input";
    input.dir = "auto";
    input.onchange = () => isOpen && save(written()); // Escape leaves the field too, but sends nothing
    return create("label", { part: "field" }, span("label", text({ contact: "email" }[input.name] ?? "message") + " " + text("optional")), input);
  });

  const heading = span("followup-question", question, { id: "why", tabindex: "-1" });
  const note = span("followup-status", "", { role: "status" });
  const close = create("button", { type: "button", part: "button close" }, text("close"));
  const panel = create("form", { part: "followup", "aria-labelledby": "why", class: age > LATE && "over" },
    heading,
    buttons[0] && create("div", { part: "reasons", role: "group", "aria-labelledby": "why" }, ...buttons),
    ...fields,
    create("span", { part: "actions" }, inputs[0] && create("button", { part: "button send" }, text("send")), close, note));

  // One step after the other. What is refused is said, and does not keep back the rest.
  const waiting = {};
  let saving, isRefused;
  const save = (parts) => {
    Object.assign(waiting, parts);
    return (saving ??= saveAll().finally(() => (saving = undefined)));
  };

  async function saveAll() {
    isRefused = false;
    for (let name; (name = Object.keys(waiting)[0]); ) {
      const part = { [name]: waiting[name] };
      delete waiting[name];
      await send(tools, { id, token: revokable.token, part }).then(
        ({ outcome }) => {
          stored = part.reasons ?? stored;
          note.textContent = text(outcome === "queued" ? "queued" : "saved");
          fire("followup", { ...part, outcome });
        },
        (error) => refuse(name, error),
      );
    }
  }

  function refuse(name, error) {
    isRefused = true;
    if (name === "reasons") mention(stored);
    delete sent[name];
    note.textContent = reason(error, element, error.status === 422);
    fire("failed", { error }, "-");
  }

  // Of those that were queued, the results come later.
  steps[id] = ({ part }, result) => (result.id ? (note.textContent = text("saved")) : refuse(Object.keys(part)[0], result));

  function end() {
    isOpen = false;
    const isInside = panel.contains(root.activeElement);
    element.removeEventListener("keydown", onKey);
    element._endFollowUp = undefined;
    panel.remove();
    if (isInside) (before ?? status).focus();
  }

  const finish = () => {
    end();
    fire("done");
  };
  const onKey = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    finish();
  };
  close.onclick = finish;
  panel.onsubmit = async (event) => {
    event.preventDefault();
    // At once, as what moves later counts as a shift of the layout; it comes back if something is refused.
    panel.hidden = true;
    (before ?? status).focus();
    status.textContent = "";
    await save(written());
    if (!isOpen) return;
    if (isRefused) return (panel.hidden = false);
    status.textContent = note.textContent === text("queued") ? text("queued") : followUp.thanks ?? text("sent");
    finish();
  };
  element.addEventListener("keydown", onKey);
  element._endFollowUp = (isCertain) => (isCertain || !placement || !isAsked()) && end();

  if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(styles);
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  status.after(panel);
  if (press.detail) status.append(span("", " " + question, { class: "hidden" }));
  else heading.focus();
}
