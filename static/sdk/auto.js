// A drop-in for the browser build (browser-auto) of the published @feelback/js 0.3.4: pages with its attributes move here
// by changing the script's address. Markup, functions and requests keep Feelback's own names (content set, content, key).
// It corrects that build in these points: addresses are escaped, a second setup does nothing twice, the chosen store is
// used, required fields are required, navigation within a single-page application is noticed, and forms and buttons
// dispatch the same events.
const ENDPOINT = "/v0";
const STORE = "fbs-store";
const script =
  globalThis.document && (document.currentScript ?? document.querySelector('script[src*="/sdk/"][src*="auto.js"]'));

const state = {
  endpoint: script?.dataset.endpoint ?? (script?.src ? new URL(script.src).origin + ENDPOINT : ENDPOINT),
  storeType: "local",
};

// The API

async function request(path, options) {
  const response = await fetch(path, { credentials: "omit", ...options });
  if (!response.ok) throw Object.assign(new Error("[feelback] API error"), { status: response.status });
  return response.status === 204 ? undefined : response.json();
}

const post = (path, argument) =>
  request(path, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify([argument]), keepalive: true,
  });

export function calculateContentKey(keyOrMode, url) {
  if (keyOrMode && keyOrMode !== "$auto" && keyOrMode !== "$path") return keyOrMode;
  const address = url ?? globalThis.location?.href;
  if (!address) return "/";
  if (keyOrMode !== "$path") return String(address);
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}

const targetOf = ({ contentId, contentSetId, key }) =>
  contentId ? { contentId } : { contentSetId, key: calculateContentKey(key) };
const nameOf = ({ contentId, contentSetId, key }) => contentId || `${contentSetId}/${calculateContentKey(key)}`;

export async function sendFeelback({ endpoint = state.endpoint, store, revokable = true, value, metadata, expireIn, ...target }) {
  const entries = store === "none" ? undefined : getFeelbackStore(store);
  const content = targetOf(target);
  const previous = revokable && entries?.getRevocable(content);
  const create = () => post(`${endpoint}/feelbacks/create`, { ...content, value, context: metadata, revokable });
  const result = previous
    ? await post(`${endpoint}/feelbacks/edit`, { ...previous, value }).catch((error) => {
        // It is no longer editable, was removed elsewhere, or is from the service that the page moved from.
        if (error.status !== 403 && error.status !== 404) throw error;
        return create();
      })
    : await create();
  entries?.add({ ...result, target: content, value, expireIn });
}

export async function removeFeelback({ endpoint = state.endpoint, feelbackId, revokeToken }) {
  const store = getFeelbackStore();
  const token = revokeToken ?? store.getRevocable(feelbackId)?.revokeToken;
  if (!token) throw new Error("Cannot revoke feelback");
  await post(`${endpoint}/feelbacks/remove`, { feelbackId, revokeToken: token });
  store.remove(feelbackId);
}

const reads = new Map(); // shared by several elements that read the same counts

export function getFeelbackAggregates({ endpoint = state.endpoint, ...target }) {
  const content = targetOf(target);
  const argument = JSON.stringify([content.contentId ?? content]);
  const address = `${endpoint}/feelbacks/getAggregates?$p=${encodeURIComponent(argument)}`;
  if (!reads.has(address)) {
    const forget = () => setTimeout(() => reads.delete(address), 50);
    const read = request(address);
    read.then(forget, forget);
    reads.set(address, read);
  }
  return reads.get(address);
}

// What the browser stores, in the place and format of the published build

class Store {
  constructor(type) {
    try {
      this.area = type === "memory" ? undefined : globalThis[`${type}Storage`];
    } catch {}
    try {
      this.all = JSON.parse(this.area?.getItem(STORE)) ?? [];
    } catch {
      this.all = [];
    }
    this.all = this.all.filter(({ expire }) => !expire || expire > Date.now() / 1000);
  }

  save() {
    try {
      this.area?.setItem(STORE, JSON.stringify(this.all));
    } catch {}
  }

  find(what) {
    return this.all.find(({ feelbackId, key }) => (typeof what === "string" ? feelbackId === what : key === nameOf(what)));
  }

  add({ target, value, expireIn, feelbackId, revokable }) {
    this.all = this.all.filter(({ key }) => key !== nameOf(target));
    this.all.push({
      key: nameOf(target), value, feelbackId,
      expire: expireIn > 0 ? Math.floor(Date.now() / 1000) + expireIn : undefined,
      revokeToken: revokable?.token, revokeExpire: Math.floor(new Date(revokable?.expireAt) / 1000) || undefined,
    });
    this.save();
  }

  clear() {
    this.all = [];
    try {
      this.area?.removeItem(STORE);
    } catch {}
  }

  remove(what) {
    const entry = this.find(what);
    this.all = this.all.filter((other) => other !== entry);
    this.save();
  }

  getFeelback(what) {
    return this.find(what);
  }

  getValue(target) {
    return this.find(target)?.value;
  }

  isRevokable(target) {
    return !!this.getRevocable(target);
  }

  getRevocable(what) {
    const { feelbackId, revokeToken, revokeExpire } = this.find(what) ?? {};
    if (revokeToken && !(revokeExpire < Date.now() / 1000)) return { feelbackId, revokeToken };
  }
}

const stores = {};

export function getFeelbackStore(type = state.storeType) {
  state.storeType = type;
  return (stores[type] ??= new Store(type));
}

export const getLocalFeelbackValue = (target, store) => getFeelbackStore(store).getValue(target);

// The page

const all = (root, selector) => [...root.querySelectorAll(selector)];
const attribute = (element, name) => element.getAttribute(name) ?? undefined;
const warn = (text, ...more) => console.warn(`[Feelback] ${text}`, ...more);
const stop = (event) => {
  event.preventDefault();
  event.stopPropagation();
};

// The elements that match, of the parent element or else of the container.
function search(selector, element, container) {
  if (!selector) return [];
  if (selector === ":container") return [container];
  for (const place of [element.parentElement, container]) {
    const matches = place ? all(place, selector) : [];
    if (matches.length) return matches;
  }
  return [];
}

export function getConfigFromElement(element) {
  const json = attribute(element, "data-feelback");
  if (json !== undefined) {
    try {
      return JSON.parse(json);
    } catch {
      return void warn("Invalid config for element", element);
    }
  }
  const contentSetId = attribute(element, "data-feelback-set");
  const contentId = attribute(element, "data-feelback-content");
  if (!contentSetId && !contentId) return;
  return {
    ...(contentSetId ? { contentSetId, key: attribute(element, "data-feelback-key") || undefined } : { contentId }),
    component: attribute(element, "data-feelback-component"),
    revokable: attribute(element, "data-feelback-revokable") !== "false",
    behavior: attribute(element, "data-feelback-behavior") || undefined,
    showCount: attribute(element, "data-feelback-show-count") !== "false",
  };
}

const initialized = new WeakSet();
const refreshes = [];

export function setupFeelback(config = {}) {
  if (!globalThis.document) return;
  if (config.endpoint) state.endpoint = config.endpoint.replace(/\/$/, "");
  if (config.store) state.storeType = config.store;
  for (const container of all(document, "[data-feelback], [data-feelback-set], [data-feelback-content]")) {
    const settings = initialized.has(container) ? undefined : getConfigFromElement(container);
    if (!settings) continue;
    const setUp = { buttons, form }[settings.component || "buttons"];
    if (!setUp) {
      warn("Unknown component: %s", settings.component);
      continue;
    }
    initialized.add(container);
    setUp(container, settings);
    for (const element of all(container, "[data-behavior-action], [data-feelback-action]"))
      behaviors[attribute(element, "data-behavior-action") ?? attribute(element, "data-feelback-action")]?.(container, element);
  }
}

// One action at a time for each container, and no accidental second click.
async function attempt(container, verb, act) {
  if (container.ariaBusy === "true") return;
  container.ariaBusy = "true";
  container.style.pointerEvents = "none";
  const pause = new Promise((resolve) => setTimeout(resolve, 1000));
  pause.then(() => (container.style.pointerEvents = ""));
  try {
    await act();
  } catch (error) {
    console.error(`[Feelback] Cannot ${verb} feelback`, error);
    container.dispatchEvent(new CustomEvent("feelback-failed", { detail: { error }, bubbles: true }));
  }
  container.ariaBusy = "false";
}

function buttons(container, config) {
  const { revokable = true, behavior } = config;
  const target = () => targetOf(config);
  const items = all(container, "[data-feelback-value]").map((element) => ({ element, value: attribute(element, "data-feelback-value") }));
  const counters = config.showCount
    ? all(container, "[data-feelback-count]").map((element) => ({
        element, value: attribute(element, "data-feelback-count"), index: attribute(element, "data-feelback-count-index"),
      }))
    : [];
  // The events' names as the published build spells them for buttons, and as it does for forms.
  const dispatch = (names, detail) => {
    for (const name of names) container.dispatchEvent(new CustomEvent(name, { detail: { ...target(), ...detail }, bubbles: true }));
  };

  function mark() {
    const store = getFeelbackStore();
    const chosen = store.getValue(target());
    const isFinal = chosen !== undefined && !store.isRevokable(target());
    for (const { element, value } of items) {
      const isChosen = chosen === value || (typeof chosen === "object" && chosen?.value === value);
      element.classList.toggle("active", isChosen);
      element.classList.toggle("disabled", isFinal);
      element.setAttribute("aria-pressed", isChosen);
    }
  }

  function count() {
    if (counters.length)
      getFeelbackAggregates(target()).then(
        (counts) => counters.forEach(({ element, index }) => show(element, counts[index])),
        () => {}, // the counters stay as they are
      );
  }

  function change(value, by) {
    for (const counter of counters) if (counter.value === value) show(counter.element, Number(counter.element.textContent) + by);
  }

  async function press(value) {
    const store = getFeelbackStore();
    const previous = store.getValue(target());
    const revocable = store.getRevocable(target());
    if (previous !== undefined && !revocable) return;
    if (previous === value) {
      await removeFeelback({ feelbackId: revocable.feelbackId });
      mark();
      change(value, -1);
      return dispatch(["feedback-removed", "feelback-removed"], { value });
    }
    await sendFeelback({ ...target(), value, revokable });
    mark();
    change(previous, -1);
    change(value, 1);
    if (behavior === "switch") flip(container, { isBack: store.isRevokable(target()) });
    dispatch(["feedback-sent", "feelback-sent"], { value });
  }

  for (const { element, value } of items) {
    element.addEventListener("click", () =>
      attempt(container, getFeelbackStore().getValue(target()) === value ? "remove" : "send", () => press(value)));
  }
  let last = nameOf(config);
  refreshes.push(() => {
    if (nameOf(config) === last) return;
    last = nameOf(config);
    mark();
    count();
  });
  mark();
  count();
}

function show(element, count = 0) {
  element.textContent = count.toFixed();
  element.setAttribute("data-feelback-count-value", count);
}

function form(container, config) {
  const { behavior } = config;
  for (const element of all(container, ".feelback-form")) {
    element.addEventListener("submit", (event) => {
      stop(event);
      const { value, metadata } = readForm(element) ?? {};
      if (!value) return;
      attempt(container, "send", async () => {
        await sendFeelback({ ...targetOf(config), value, metadata, revokable: config.revokable });
        flip(container);
        if (behavior === "dialog") closeDialog?.();
        container.dispatchEvent(new CustomEvent("feelback-sent", { detail: { ...targetOf(config), value }, bubbles: true }));
      });
    });
  }
}

// The form's {value, metadata}, or undefined if a required field is empty.
function readForm(element) {
  const values = {};
  const metadata = {};
  for (const field of all(element, "[data-feelback-field]")) {
    const { name, value, isRequired } = readField(field);
    if (!value && isRequired) return;
    if (!name || !value) continue;
    const metadataName = attribute(field, "data-feelback-metadata");
    if (metadataName === undefined) values[name] = value;
    else metadata[metadataName] = value;
  }
  if (!Object.keys(values).length) return;
  const isSingle = attribute(element, "data-feelback-type") === "form-single";
  return {
    value: isSingle ? Object.values(values).pop() : values,
    metadata: Object.keys(metadata).length ? metadata : undefined,
  };
}

function readField(field) {
  const type = attribute(field, "data-feelback-type");
  const name = attribute(field, "data-feelback-field") || field.name;
  const isRequired = field.required || field.hasAttribute("data-required");
  if (field.tagName === "FIELDSET" && (type === "radio-group" || field.classList.contains("feelback-radio-group"))) {
    const chosen = field.querySelector("input[type=radio]:checked");
    return { name: name || chosen?.name, value: chosen?.value, isRequired };
  }
  if (type === "button-group") return { name, value: attribute(field.querySelector("button.active") ?? field, "data-feelback-value") };
  if (["checkbox", "radio"].includes(field.type)) return { name, value: field.checked ? field.value : undefined, isRequired };
  if (["INPUT", "TEXTAREA", "SELECT"].includes(field.tagName)) return { name, value: field.value.trim(), isRequired };
  return { name, value: attribute(field, "data-feelback-value") };
}

// Behaviors: what elements do when they are clicked

let closeDialog;

function flip(container, { from, to, isBack } = {}) {
  const a = from ?? container.querySelector("[data-behavior-switch-side='a']");
  const b = to ?? container.querySelector("[data-behavior-switch-side='b']");
  if (!a || !b) return;
  const display = a.style.display;
  a.style.display = "none";
  b.style.display = "block";
  if (isBack)
    setTimeout(() => {
      b.style.display = "none";
      a.style.display = display;
    }, 5000);
}

const onClick = (element, act) =>
  element.addEventListener("click", (event) => {
    act();
    stop(event);
  });

const behaviors = {
  switch(container, element) {
    const source = attribute(element, "data-behavior-source");
    const [from] = source === undefined ? [element] : search(source, element, container);
    const [to] = search(attribute(element, "data-behavior-target"), element, container);
    if (to) onClick(element, () => flip(container, { from, to }));
  },

  "toggle-class"(container, element) {
    const targets = search(attribute(element, "data-behavior-target"), element, container);
    const directives = (attribute(element, "data-behavior-value") ?? "").split(/[,;]/).map((directive) => directive.trim().split(":"));
    onClick(element, () => {
      for (const [onOrOff, name] of directives)
        if (name && (onOrOff === "on" || onOrOff === "off")) for (const target of targets) target.classList.toggle(name, onOrOff === "on");
    });
  },

  popup(container, element) {
    const [popup] = search(attribute(element, "data-behavior-target") || ".popup", element, container);
    if (!popup) return;
    onClick(element, () => {
      popup.style.display = "block";
      const rise = (popup.getBoundingClientRect().height - element.getBoundingClientRect().height) / 2;
      popup.style.top = `${element.offsetTop - rise}px`;
      popup.style.left = `${element.offsetLeft}px`;
      document.addEventListener("click", () => (popup.style.display = "none"), { once: true });
    });
  },

  dialog(container, element) {
    const [dialog] = search(attribute(element, "data-behavior-target") || ".dialog", element, container);
    if (!dialog) return;
    const holder = document.createElement("div");
    holder.className = "feelback-style";
    holder.append(dialog);
    document.body.append(holder);
    const cancels = all(dialog, "[data-behavior-action='cancel']");
    const content = dialog.querySelector(".content");
    onClick(element, () => {
      dialog.style.display = "block";
      const close = (event) => {
        if (event?.type === "keydown" && event.key !== "Escape") return;
        if (event) stop(event);
        dialog.style.display = "none";
        document.removeEventListener("click", outside, { capture: true });
        document.removeEventListener("keydown", close);
        for (const cancel of cancels) cancel.removeEventListener("click", close);
        element.focus();
      };
      const outside = (event) => content?.contains(event.target) || close(event);
      for (const cancel of cancels) cancel.addEventListener("click", close);
      document.addEventListener("click", outside, { capture: true });
      document.addEventListener("keydown", close);
      closeDialog = close;
    });
  },

  "set-field"(container, element) {
    const group = element.closest("[data-feelback-type='button-group']");
    if (!group) return;
    const field = group.querySelector("[data-feelback-field]");
    const reveal = attribute(group, "data-reveal");
    onClick(element, () => {
      for (const button of all(group, ":scope > button")) button.classList.toggle("active", button === element);
      if (field) field.value = attribute(element, "data-feelback-value");
      if (reveal) for (const hidden of all(container, reveal)) hidden.classList.remove("hidden");
    });
  },
};

if (globalThis.document) {
  window.feelback = {
    calculateContentKey, getConfigFromElement, getFeelbackAggregates, getFeelbackStore, getLocalFeelbackValue,
    removeFeelback, sendFeelback, setupFeelback,
  };
  // On a page that has loaded already, the page's own scripts may call setupFeelback() first.
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", () => setupFeelback());
  else setTimeout(setupFeelback);
  const refreshAll = () => setTimeout(() => refreshes.forEach((refresh) => refresh()));
  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = (...args) => {
      original.apply(history, args);
      refreshAll();
    };
  }
  addEventListener("popstate", refreshAll);
}
