// Components for Vue 3: the elements, with typed props, and events under their short names (@sent, @removed, …).
import { h } from "vue";
import "./feelback.js";

export * from "./feelback.js";

const NAMES = { "-": ["sending", "sent", "removed", "failed", "queued", "counts"], ":": ["response", "followup", "done"] };
const EVENTS = Object.values(NAMES).flat();
const attributeOf = (value) => (typeof value === "object" && value ? JSON.stringify(value) : value === true ? "" : value);

function component(type) {
  const Feelback = (props, { emit, slots }) => {
    const values = {};
    for (const [name, value] of Object.entries(props)) {
      if (value == null || value === false) continue;
      if (name === "options" && typeof value !== "string") values.options = value.map(({ value, label, icon }) => [value, label, icon].map((part) => part ?? "").join("|")).join(";");
      else values[name] = attributeOf(value);
    }
    // With ^ it is an attribute, as it is on a page that is rendered on a server.
    const attributes = Object.fromEntries(Object.entries(values).map(([name, value]) => ["^" + name, value]));
    for (const [mark, names] of Object.entries(NAMES))
      for (const event of names) attributes[`onFeelback${mark}${event}`] = (detail) => emit(event, detail);
    return h("feelback-" + type, attributes, slots.default?.());
  };
  Feelback.props = ["widget", "page", "placement", "preset", "options", "count", "label", "thanks", "look", "layout", "texts", "context", "fields", "email", "message"];
  Feelback.emits = EVENTS;
  Feelback.displayName = "Feelback-" + type;
  return Feelback;
}

export const FeelbackPulse = component("pulse");
export const FeelbackUpdown = component("updown");
export const FeelbackYesno = component("yesno");
export const FeelbackReaction = component("reaction");
export const FeelbackRating = component("rating");
export const FeelbackNps = component("nps");
export const FeelbackMessage = component("message");
export const FeelbackTaggedMessage = component("tagged-message");
export const FeelbackForm = component("form");
