// Reading counts: all elements that are drawn at about the same time share one request.
import { explain } from "./asking.js";
import { call } from "./client.js";
import { drawQueue } from "./element.js";

const MAX_LENGTH = 7500;

// Characters that a query may hold stay as they are, which halves the length of a page's address.
const escapeText = (text) => encodeURI(text).replace(/[&#+]/g, encodeURIComponent);

function addressOf(targets) {
  let last;
  return "/v1/stats?" + targets.map(({ widget, page, placement }) => {
    const start = widget === last ? "" : `widget=${escapeText(widget)}&`;
    last = widget;
    return placement ? "placement=" + placement : start + "page=" + escapeText(page);
  }).join("&");
}

export const stats = async (targets) => (await call(addressOf(targets))).items;

let waiting;

function schedule() {
  setTimeout(() => {
    if (drawQueue.size) return schedule(); // elements that are not drawn yet will ask too
    read([...waiting].sort((a, b) => (a._target.widget < b._target.widget ? -1 : 1)));
    waiting = 0;
  }, 9);
}

// Reads the counts of a placement, with those of others.
export function load(placement) {
  if (!waiting) {
    waiting = new Set();
    schedule();
  }
  waiting.add(placement);
}

function read(placements) {
  const half = placements.length / 2, targets = placements.map(({ _target }) => _target);
  const split = () => (read(placements.slice(0, half)), read(placements.slice(half)));
  // The API reads a placement by its id in a request of its own.
  if (half > 0.5 && (addressOf(targets).length > MAX_LENGTH || targets.some(({ placement }) => placement))) split();
  else
    stats(targets).then(
      (items) => items.forEach((item, n) => placements[n]._receive(item)),
      // One wrong id (404), an id of another project (422) or too many pages (400, 422) must not hide the counts
      // of the others, which otherwise stay as they are. Other refusals concern all: the site is not listed, or the server is busy.
      (error) => (half > 0.5 && /4[02][024]/.test(error.status) ? split() : explain(error, placements[0])),
    );
}
