// Reading counts: all elements that are drawn at about the same time share one request.
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

let requests;

function schedule() {
  setTimeout(() => {
    if (drawQueue.size) return schedule(); // elements that are not drawn yet will ask too
    read(requests.sort((a, b) => (a.widget < b.widget ? -1 : 1)));
    requests = 0;
  }, 9);
}

export function counts(target) {
  if (!requests) {
    requests = [];
    schedule();
  }
  return new Promise((_resolve, _reject) => requests.push({ ...target, _resolve, _reject }));
}

function read(requests) {
  const half = requests.length / 2;
  const split = () => (read(requests.slice(0, half)), read(requests.slice(half)));
  // The API reads a placement by its id in a request of its own.
  if (half > 0.5 && (addressOf(requests).length > MAX_LENGTH || requests.some(({ placement }) => placement))) split();
  else
    stats(requests).then(
      (items) => requests.forEach(({ _resolve }, n) => _resolve(items[n])),
      // One wrong id, an id of another project or too many pages must not hide the counts of the others.
      (error) => (half > 0.5 && error.status ? split() : requests.forEach(({ _reject }) => _reject(error))),
    );
}
