// The steps of follow-ups that could not be sent. They wait in the browser's store, which another page may read, and are
// sent as queued responses are.
import { grow } from "./changes.js";

export const steps = {}; // by the id of a response, what hears of the results of those that were queued
export const isTemporary = ({ status }) => status === 429 || !(status < 500);
const nameOf = ({ id, part }) => id + Object.keys(part);
let timer, tries = 0, sending;

export async function send(tools, step) {
  const { _readStore: readStore, _writeStore: writeStore } = tools;
  const store = readStore();
  // A newer step takes the place of one that waits.
  store.steps = (store.steps ?? []).filter((other) => nameOf(other) !== nameOf(step));
  // Of two on their way the older may arrive last.
  if (sending?.name === nameOf(step)) await sending.result;
  try {
    return await grow(tools, step.id, step.token, step.part);
  } catch (error) {
    if (!isTemporary(error)) throw error;
    readStore().steps.push({ ...step, no: Math.random() });
    retryLater(tools, error);
    return { outcome: "queued" };
  } finally {
    writeStore();
  }
}

function retryLater(tools, { _wait }) {
  clearTimeout(timer);
  timer = setTimeout(flush, 1e3 * (_wait || Math.min(60, 2 ** tries++) * (1 + Math.random())), tools);
  addEventListener("online", (onOnline ??= () => flush(tools)));
}
let onOnline;

export async function flush(tools) {
  const { _readStore: readStore, _writeStore: writeStore } = tools;
  if (sending) return;
  let last;
  for (const step of readStore().steps ?? []) {
    sending = { name: nameOf(step), result: grow(tools, step.id, step.token, step.part).catch((error) => error) };
    const result = (last = await sending.result);
    if (!result.id && isTemporary(result)) break;
    readStore().steps = readStore().steps.filter(({ no }) => no !== step.no);
    writeStore();
    steps[step.id]?.(step, result);
  }
  sending = undefined;
  if (readStore().steps[0]) retryLater(tools, last);
  else tries = 0;
}
