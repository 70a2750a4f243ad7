// The API as a page calls it: sending, and what waits to be sent.
import { settings } from "./settings.js";
import { keep, kept, visitor } from "./store.js";

export async function call(path, method, body, headers) {
  const response = await fetch(settings.endpoint + path, { method, headers, body, credentials: "omit", keepalive: body?.length < 2e4 });
  const answer = await response.json().catch(() => ({})); // there is none to a removal, nor from a broken proxy
  if (response.ok) return answer;
  throw Object.assign(Error(answer.message), answer, { status: response.status, _wait: response.headers.get("retry-after") });
}

// As text, browsers send it without asking first.
const post = (body) => call("/v1/beacons", "POST", JSON.stringify(body));
const mayPass = ({ status }) => !status || status === 429 || status > 499;
const prepared = (signal) => ({ visitor: visitor(), ...signal });

export const sendMany = async (signals) => (await post({ items: signals.map(prepared) })).items;

const tokened = (id, token, method, body) =>
  call("/v1/feelbacks/" + id, method, body, { "feelback-token": token, ...(body && { "content-type": "application/json" }) });
export const edit = (id, token, value) => tokened(id, token, "PATCH", JSON.stringify({ value }));
export const remove = (id, token) => tokened(id, token, "DELETE");

// What cannot be sent now waits, over pages if the browser may keep it. A vote that is sent again is one vote; a message
// would be two.
let timer, tries = 0, isFlushing;
const listeners = [];
export const onFlushed = (listener) => listeners.push(listener);

export async function send(signal, isVote) {
  const whole = prepared(signal);
  try {
    return await post(whole);
  } catch (error) {
    if (!mayPass(error)) throw error;
    kept().queue.push({ signal: whole, at: Date.now(), no: Math.random(), isVote });
    keep();
    later(error);
    return { outcome: "queued" };
  }
}

export function unqueue(test) {
  const { queue } = kept();
  const rest = queue.filter((waiting) => !test(waiting));
  if (rest.length < queue.length) {
    kept().queue = rest;
    keep();
  }
}

function later({ _wait }) {
  clearTimeout(timer);
  timer = setTimeout(flush, 1e3 * (_wait || Math.min(60, 2 ** tries++) * (1 + Math.random())));
}

export async function flush() {
  const batch = kept().queue.slice(0, 50);
  if (isFlushing || !batch[0]) return;
  isFlushing = true;
  const results = await sendMany(batch.map(({ signal }) => signal)).catch((error) => batch.map(() => error));
  isFlushing = false;
  batch.forEach(({ no, signal }, n) => {
    const told = results[n];
    if (!told.outcome && mayPass(told)) return;
    unqueue((waiting) => waiting.no === no);
    for (const listener of listeners) listener(signal, told);
  });
  if (kept().queue[0]) later(results[0]);
  else tries = 0;
}

if (globalThis.document) {
  // Without a token a visitor is known for a day (UTC): the same vote would count again on the next.
  const now = Date.now();
  unqueue(({ at, isVote, signal }) => isVote && !signal.visitor && at < now - (now % 864e5));
  if (kept().queue[0]) later({});
  addEventListener("online", flush);
  addEventListener("pagehide", () => {
    const items = kept().queue.map(({ signal }) => signal);
    // Nobody learns whether it arrived, so that votes stay to be sent again.
    if (items[0] && navigator.onLine && navigator.sendBeacon(settings.endpoint + "/v1/beacons", JSON.stringify({ items })))
      unqueue(({ isVote }) => !isVote);
  });
}
