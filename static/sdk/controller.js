// A widget on a page without an element: its state and its actions, for controls of your own. Frameworks watch it by
// `subscribe` and `getState`; elements of the same widget and page agree with it.
import { explain } from "./asking.js";
import { call, send } from "./client.js";
import { connected } from "./element.js";
import { send as sendStep, steps } from "./follow_up_steps.js";
import { placementOf } from "./placement.js";
import { readStore, writeStore } from "./store.js";

const INITIAL = { status: "idle", value: undefined, counts: undefined, id: undefined, followUp: undefined, error: undefined };
const tools = { _call: call, _readStore: readStore, _writeStore: writeStore };

function addressOf(page) {
  if (page === "$path") return location.origin + location.pathname;
  return page?.[0] === "$" || !page ? location.href.replace(/#(?!!?\/).*/, "") : page;
}

export function createController({ widget, page, placement, count, context }) {
  const listeners = new Set();
  const isAddress = !placement && (page?.[0] ?? "$") === "$";
  let state = INITIAL, token, shared;

  function change(changes) {
    state = { ...state, ...changes };
    for (const listener of listeners) listener(state);
  }

  const targetNow = () => (placement ? { placement } : { widget, page: addressOf(page) });
  const detailsNow = () => ({
    context: context ?? undefined,
    title: (isAddress && [...document.title].slice(0, 300).join("").trim()) || undefined,
  });

  // What a result of the server, or its refusal, makes of the state.
  function conclude(status, { id, revokable, followUp, error }, more) {
    token = revokable?.token;
    change({ status, id, followUp: token && followUp, error, ...more });
    if (error) explain(error, member);
  }

  // What an element is to the placement that all share.
  const member = {
    get _target() {
      return targetNow();
    },
    _refresh: join,
    _report(event, detail) {
      const value = shared._choice, names = Object.keys(shared._counts ?? {});
      const counts = shared._counts && Object.fromEntries([...names, ...(value && !names.includes(value) ? [value] : [])].map((name) => [name, shared._count(name)]));
      if (event && event !== "counts") conclude(event, detail, { value, counts });
      else change({ value, counts, ...(!event && value !== shared._value && { status: "sending", error: undefined, followUp: undefined }) });
    },
  };

  // Single-page applications change the address, and with it the placement.
  function join() {
    const next = placementOf(targetNow());
    if (next !== shared) {
      leave();
      shared = next;
      shared._elements.add(member);
      connected.add(member);
      state = INITIAL;
      member._report("counts");
    }
    if (count && !shared._isRead) shared._load();
  }

  function leave() {
    shared?._elements.delete(member);
    connected.delete(member);
    shared = undefined;
  }

  return {
    getState: () => state,

    subscribe(listener) {
      listeners.add(listener);
      join();
      return () => {
        listeners.delete(listener);
        if (!listeners.size) leave();
      };
    },

    async choose(value) {
      join();
      shared._asker = member;
      await shared._choose(value ?? undefined, detailsNow());
      if (!listeners.size) leave();
    },

    async submit(value, { email } = {}) {
      if (state.status === "sending") return;
      change({ status: "sending", value, error: undefined, followUp: undefined });
      const details = detailsNow();
      if (email) details.context = { ...details.context, $user: email };
      try {
        const result = await send({ ...targetNow(), value, ...details });
        conclude(result.outcome === "queued" ? "queued" : "sent", result);
      } catch (error) {
        conclude("failed", { error });
      }
    },

    async answer(parts) {
      if (!token) throw Error("There is no response to add to.");
      const response = { id: state.id, token };
      steps[response.id] = (_, result) => result.id || change({ error: result });
      for (const [name, part] of Object.entries(parts)) await sendStep(tools, { ...response, part: { [name]: part } });
    },

    close: () => change({ followUp: undefined }),
  };
}
