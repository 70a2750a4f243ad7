// Reading counts: whatever is asked for in one go is one request.
import { call } from "./client.js";
import { waiting } from "./element.js";

const LONGEST = 7500;

// An address of a page keeps what a query may hold, which saves half of its length.
const escaped = (text) => encodeURI(text).replace(/[&#+]/g, encodeURIComponent);

function addressOf(targets) {
  let last;
  return "/v1/stats?" + targets.map(({ set, key, content }) => {
    const start = set === last ? "" : `set=${escaped(set)}&`;
    last = set;
    return content ? "content=" + content : start + "key=" + escaped(key);
  }).join("&");
}

export const stats = async (targets) => (await call(addressOf(targets))).items;

let asked;

function ask() {
  setTimeout(() => {
    if (waiting.size) return ask(); // elements that are not drawn yet have questions too
    read(asked.sort((a, b) => (a.set < b.set ? -1 : 1)));
    asked = 0;
  }, 9);
}

export function counts(target) {
  if (!asked) {
    asked = [];
    ask();
  }
  return new Promise((_resolve, _reject) => asked.push({ ...target, _resolve, _reject }));
}

function read(asked) {
  const half = asked.length / 2;
  const split = () => (read(asked.slice(0, half)), read(asked.slice(half)));
  // A content that is named by its id is asked for alone.
  if (half > 0.5 && (addressOf(asked).length > LONGEST || asked.some(({ content }) => content))) split();
  else
    stats(asked).then(
      (found) => asked.forEach(({ _resolve }, n) => _resolve(found[n])),
      // One that is wrong, or of another project, must not hide the others; nor may there be too many.
      (error) => (half > 0.5 && error.status ? split() : asked.forEach(({ _reject }) => _reject(error))),
    );
}
