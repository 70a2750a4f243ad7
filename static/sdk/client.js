// The API as a page calls it: sending responses, and keeping those that could not be sent.
import { use } from "./asking.js";
import { settings } from "./settings.js";
import { readStore, visitor, writeStore } from "./store.js";

export async function call(path, method, body, headers) {
  const reply = await fetch(settings.endpoint + path, { method, headers, body, credentials: "omit", keepalive: body?.length < 2e4 });
  const data = await reply.json().catch(() => ({})); // a DELETE has no body, and a broken proxy may send none
  if (reply.ok) return data;
  throw Object.assign(Error(data.message), data, { status: reply.status, _wait: reply.headers.get("retry-after") });
}

export const isTemporary = ({ status }) => status === 429 || !(status < 500);
const withVisitor = (response) => ({ visitor: visitor(), ...response });

export const sendMany = (responses) => use("sendMany", responses.map(withVisitor));
export const grow = (id, token, parts) => use("grow", id, token, parts);
export const edit = (id, token, value) => grow(id, token, { value });
export const remove = (id, token) => use("remove", id, token);

// The queue outlives the page if the browser may store it. A vote that is sent twice counts once; a message would count
// twice.
let timer, tries = 0;
export const placements = {}; // which show what became of the queue

export async function send(response, isVote) {
  const body = withVisitor(response);
  try {
    return await call("/v1/beacons", "POST", JSON.stringify(body)); // as text, which needs no preflight request
  } catch (error) {
    if (!isTemporary(error)) throw error;
    readStore().queue.push({ response: body, at: Date.now(), no: Math.random(), isVote });
    writeStore();
    retryLater(error);
    return { outcome: "queued" };
  }
}

// Whether there were any.
export function unqueue(test) {
  const store = readStore();
  const rest = store.queue.filter((entry) => !test(entry));
  if (rest.length < store.queue.length) {
    store.queue = rest;
    writeStore();
    return true;
  }
}

function retryLater({ _wait }) {
  clearTimeout(timer);
  timer = setTimeout(flush, 1e3 * (_wait || Math.min(60, 2 ** tries++) * (1 + Math.random())));
}

// What sends the queue cannot be loaded either while there is no network.
export async function flush() {
  if (!readStore().queue[0]) return;
  const error = await use("flush", { _unqueue: unqueue, _placements: placements }).catch((error) => error);
  if (error) retryLater(error);
  else tries = 0;
}

if (globalThis.document) {
  // Without a token the server recognises a visitor until the end of the day (UTC): a vote sent after that would count
  // again. Entries without a response are of version 0.1, whose names the server no longer reads.
  const midnight = new Date().setUTCHours(0, 0, 0, 0);
  unqueue(({ at, isVote, response }) => !response || isVote && !response.visitor && at < midnight);
  if (readStore().queue[0]) retryLater({});
  if (readStore().steps?.[0]) queueMicrotask(() => use("ask"));
  addEventListener("online", flush);
  addEventListener("pagehide", () => {
    // A beacon has no reply, and browsers take one without a network too: votes stay in the queue as well, and messages go
    // only if the browser does not keep them.
    const isKept = readStore().queue[0] && writeStore();
    const items = readStore().queue.flatMap(({ isVote, response }) => isVote || !isKept ? response : []);
    if (navigator.onLine && items[0] && navigator.sendBeacon(settings.endpoint + "/v1/beacons", JSON.stringify({ items }))) isKept || unqueue(() => true);
  });
}
