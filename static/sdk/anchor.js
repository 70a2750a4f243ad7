// Where a passage is in a text: made when it is chosen, and looked for later, when the text may have changed. It is found
// where its words still are, or outdated, and never on other words; see anchor().
const SHORTEST = 16, LONGEST = 64;
const ALIKE = 0.85; // how much of edited words has to be as it was
const LONG = 32; // characters of a passage that need only one of its two neighbours

const isOnce = (text, part) => part && text.indexOf(part) === text.lastIndexOf(part);

// Half a pair of surrogates is no character.
const whole = (text) => text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "");

// What precedes or follows is as long as it takes to be found once in the text: then it cannot be confused with another place.
function neighbour(text, at, direction) {
  for (let size = SHORTEST; ; size += SHORTEST) {
    const part = direction < 0 ? text.slice(Math.max(0, at - size), at) : text.slice(at, at + size);
    if (size >= LONGEST || isOnce(text, part)) return whole(part);
  }
}

export const selectors = (text, start, end) => ({
  exact: text.slice(start, end), prefix: neighbour(text, start, -1), suffix: neighbour(text, end, 1), start, end,
});

// At the edge of the text a neighbour is short, and has to be at the edge again.
const isBefore = (text, prefix, at) =>
  text.endsWith(prefix, at) && (prefix.length >= SHORTEST - 1 || at === prefix.length);
const isBehind = (text, suffix, at) =>
  text.startsWith(suffix, at) && (suffix.length >= SHORTEST - 1 || at + suffix.length === text.length);
// As long as allowed, it may have been found more than once from the beginning.
const isDistinct = (part) => part.length >= SHORTEST - 1 && part.length < LONGEST - 1;

function occurrences(text, part) {
  const places = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) places.push(at);
  return places;
}

// The share of two texts that is alike, by their edit distance.
export function likeness(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
    row = next;
  }
  return 1 - row[b.length] / Math.max(a.length, b.length, 1);
}

// {start, end} of the passage in the text, or undefined if it is outdated. Its words between the same neighbours come first.
// A long line that is in the text once needs one neighbour; an edited one needs both, each found once.
export function anchor(text, { exact, prefix = "", suffix = "", start }) {
  const at = (place) => ({ start: place, end: place + exact.length });
  const places = occurrences(text, exact);
  const between = places.filter((place) => isBefore(text, prefix, place) && isBehind(text, suffix, place + exact.length));
  if (between.includes(start)) return at(start);
  if (between.length === 1 && (isDistinct(prefix) || isDistinct(suffix))) return at(between[0]);
  if (between.length) return;
  // Of several lines, one may have been moved next to another that looks the same.
  if (exact.includes("\n")) return;
  if (places.length === 1 && exact.length >= LONG) {
    const [place] = places;
    if ((isDistinct(prefix) && isBefore(text, prefix, place)) || (isDistinct(suffix) && isBehind(text, suffix, place + exact.length)))
      return at(place);
  }
  if (places.length || !isDistinct(prefix) || !isDistinct(suffix) || !isOnce(text, prefix) || !isOnce(text, suffix)) return;
  const from = text.indexOf(prefix) + prefix.length, to = text.indexOf(suffix);
  if (to > from && to - from < 2 * exact.length && likeness(exact, text.slice(from, to)) >= ALIKE) return { start: from, end: to };
}
