// The steps of follow-ups that could not be sent. They wait in the browser's store, which another page may read, and are
// sent as queued responses are.
export const steps = {}; // by the id of a response, what hears of the results of those that were queued
const isTemporary = ({ status }) => status === 429 || !(status < 500);
let timer, tries = 0, isFlushing;

export async function send(tools, step) {
  const { _grow: grow, _readStore: readStore, _writeStore: writeStore } = tools;
  const nameOf = ({ id, part }) => id + Object.keys(part);
  const store = readStore();
  // A newer step takes the place of one that waits.
  store.steps = (store.steps ?? []).filter((other) => nameOf(other) !== nameOf(step));
  try {
    return await grow(step.id, step.token, step.part);
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
  const { _grow: grow, _readStore: readStore, _writeStore: writeStore } = tools;
  if (isFlushing) return;
  isFlushing = true;
  let last;
  for (const step of readStore().steps ?? []) {
    const result = (last = await grow(step.id, step.token, step.part).catch((error) => error));
    if (!result.id && isTemporary(result)) break;
    readStore().steps = readStore().steps.filter(({ no }) => no !== step.no);
    writeStore();
    steps[step.id]?.(step, result);
  }
  isFlushing = false;
  if (readStore().steps[0]) retryLater(tools, last);
  else tries = 0;
}
