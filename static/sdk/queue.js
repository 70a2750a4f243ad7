// Sends the responses that could not be sent.
import { isTemporary } from "./follow_up_steps.js";

export const sendMany = async ({ _call }, items) => (await _call("/v1/beacons", "POST", JSON.stringify({ items }))).items;

let flushing;

// Returns what to retry after, if any are left.
export const flush = (tools, client) => (flushing ??= sendAll(tools, client).finally(() => (flushing = undefined)));

async function sendAll(tools, { _unqueue: unqueue, _placements: placements }) {
  const { _readStore: readStore } = tools;
  const batch = readStore().queue.slice(0, 50);
  if (!batch[0]) return;
  const results = await sendMany(tools, batch.map(({ response }) => response)).catch((error) => batch.map(() => error));
  batch.forEach((entry, n) => {
    const result = results[n];
    if (!result.outcome && isTemporary(result)) return;
    unqueue(({ no }) => no === entry.no);
    const placement = Object.values(placements).find((each) => each._isMine(entry));
    if (placement) finish(placement, entry.response, result);
  });
  if (readStore().queue[0]) return results[0];
}

function finish(placement, { value }, result) {
  if (result.id) {
    placement._remember(value, result);
    placement._notify("sent", { value, ...result });
    if (placement._counts) placement._load();
  } else {
    placement._shift();
    placement._value = placement._choice = undefined;
    placement._notify("failed", { value, error: result });
  }
}
