// For Vue 3: the elements with typed props, and events under their short names (@sent, @removed, …); composables; and the
// form without JavaScript.
import { computed, h, onScopeDispose, ref, shallowRef, toValue, watch } from "vue";
import { describe } from "feelback";
import { createController } from "feelback/controller";
import { plainForm } from "feelback/plain-form";

export * from "feelback";
export { createController };

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

const isBrowser = Boolean(globalThis.document);

/** The state of a widget on a page, each part a computed ref, and what a visitor can do with it. */
export function useFeelback(options) {
  const controller = shallowRef(createController(toValue(options)));
  const state = shallowRef(controller.value.getState());
  let unsubscribe;
  const join = () => {
    unsubscribe?.();
    unsubscribe = controller.value.subscribe((changed) => (state.value = changed));
    state.value = controller.value.getState();
  };
  watch(() => JSON.stringify(toValue(options)), (json) => {
    controller.value = createController(JSON.parse(json));
    if (isBrowser) join();
  });
  if (isBrowser) join();
  onScopeDispose(() => unsubscribe?.());
  const parts = Object.fromEntries(Object.keys(state.value).map((name) => [name, computed(() => state.value[name])]));
  const actions = Object.fromEntries(["choose", "submit", "answer", "close"].map((name) => [name, (...args) => controller.value[name](...args)]));
  return { ...parts, ...actions };
}

/** What a widget asks: its options or fields, in a ref that is undefined until it is read. */
export function useWidget(widget) {
  const description = ref();
  const read = (id) => {
    description.value = undefined;
    if (isBrowser && id) describe(id).then((read) => id === toValue(widget) && (description.value = read), () => {});
  };
  watch(() => toValue(widget), read, { immediate: true });
  return description;
}

/** A form for visitors without JavaScript, as the content of an element that a server renders. */
export function PlainForm(props) {
  const form = plainForm(props);
  if (!form) return null;
  return h("form", { method: "post", action: form.action }, [
    ...Object.entries(form.hidden).map(([name, value]) => h("input", { type: "hidden", name, value })),
    form.label && h("span", [form.label, " "]),
    form.isMessage && h("textarea", { name: "message", required: true, maxlength: 5000, "aria-label": form.label || "Your message" }),
    ...form.buttons.map(({ value, label, icon }) =>
      h("button", value ? { name: "value", value } : {}, [icon && h("span", { "aria-hidden": "true" }, [icon, " "]), label])),
  ]);
}
PlainForm.inheritAttrs = false;
PlainForm.props = ["type", "endpoint", "widget", "page", "label", "preset", "options"];
