// Sends the responses that could not be sent.
let flushing;

// Returns what to retry after, if any are left.
export const flush = (tools, client) => (flushing ??= sendAll(tools, client).finally(() => (flushing = undefined)));

async function sendAll({ _readStore: readStore }, { _sendMany: sendMany, _isTemporary: isTemporary, _unqueue: unqueue, _onResult: onResult }) {
  const batch = readStore().queue.slice(0, 50);
  if (!batch[0]) return;
  const results = await sendMany(batch.map(({ response }) => response)).catch((error) => batch.map(() => error));
  batch.forEach(({ no, response }, n) => {
    const result = results[n];
    if (!result.outcome && isTemporary(result)) return;
    unqueue((entry) => entry.no === no);
    onResult?.(response, result);
  });
  if (readStore().queue[0]) return results[0];
}
