// What went wrong, in words: to the visitor in the element's status; to the author in the console and, on localhost, in a
// box on the page.
import { styles } from "./problem_styles.js";

export const texts = { refused: "This could not be accepted.", closed: "It can no longer be taken back." };
const isLocal = /^(localhost|127\..+|\[::1\]|.+\.localhost)$/.test(globalThis.location?.hostname);
const known = new Set();
const isFinal = (status) => status < 500 && status !== 429;
let list;

function messageOf({ json, fields, message }, { _target: { widget, placement } }) {
  if (json) return `The attribute ${json} is not valid JSON.`;
  if (!widget && !placement) return "An element has no widget. Set its attribute widget to the widget's id.";
  return fields ? "This form has no fields. Add some in the widget's settings, or as the attribute fields." : message;
}

// What the visitor of an element reads; `isWritten`: of what they wrote.
export function reason(error, element, isWritten) {
  if (isWritten) return element._words?.invalid ?? error.message;
  const name = error.text ?? (isFinal(error.status) ? "refused" : "failed");
  return element._text(name) ?? texts[name];
}

// `source` is an element, or a placement whose counts could not be read.
export function explain(tools, error, source) {
  const { status } = error;
  const isWritten = status === 422 && source._form;
  if (error.text || status || error instanceof Error) source._say?.("failed", reason(error, source, isWritten));
  if (error.text || isWritten) return;
  const message = messageOf(error, source), target = source._target;
  if (known.has(message)) return;
  known.add(message);
  const page = status ? "errors" + (error.error ? `#fb${status}-${error.error}` : "") : "elements";
  const link = `${tools._settings.endpoint}/docs/${page}`;
  const where = target.widget ? `, widget ${target.widget}` : target.placement ? `, placement ${target.placement}` : "";
  console.warn(`Feelback: ${message} See ${link} (page ${location.pathname}${where})`);
  if (isLocal && (!status || isFinal(status))) show(tools, message, link);
}

function show({ _create: create }, message, link) {
  if (!list?.isConnected) {
    const host = document.createElement("feelback-problems");
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    list = create("ul");
    const close = create("button", { type: "button" }, "Close");
    close.onclick = () => host.remove();
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(create("aside", { "aria-label": "Feelback, for the author of this page", lang: "en", dir: "ltr" },
      create("strong", {}, "Feelback, on localhost only"), list, close));
    document.body.append(host);
  }
  list.append(create("li", {}, message + " ", create("a", { href: link, target: "_blank", rel: "noopener" }, "Show how")));
}
