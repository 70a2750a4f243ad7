// Random edits of random pages with passages: each is found on its own words, or is outdated. Prints how many of each as JSON.
// node anchors.mjs SEED EDITS
import { anchor, selectors } from "../../static/sdk/anchor.js";

const [seed, edits] = process.argv.slice(2).map(Number);
let state = seed;
function random(most) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % most;
}
const one = (list) => list[random(list.length)];

// Few words, so that the same ones, and the same sentences, come again and again.
const LATIN = "the a key page press enter set value server option install restart file to of and open save it new".split(" ");
const SCRIPTS = [
  [LATIN, " ", ". "],
  [[..."鍵頁押設定値保存開新規入力選択画面"], "", "。"],
  [["اضغط", "على", "مفتاح", "الصفحة", "ثم", "احفظ", "الملف", "😀"], " ", ". "],
];

// A page is a list of characters, each with an id that no edit changes: the truth about where words went.
let ids = 0;
const chars = (text) => [...text].map((char) => ({ char, id: ids++ }));
const textOf = (page) => page.map(({ char }) => char).join("");

function sentence([words, gap, stop]) {
  return Array.from({ length: 2 + random(7) }, () => one(words)).join(gap) + stop;
}

function newPage(script) {
  const boilerplate = [sentence(script), sentence(script)];
  const lines = Array.from({ length: 3 + random(8) }, () =>
    Array.from({ length: 1 + random(4) }, () => (random(4) ? sentence(script) : one(boilerplate))).join("").trim());
  return chars(lines.join("\n"));
}

function edit(page, script) {
  const from = random(page.length + 1), size = one([1, 1, 2, 5, 12, 40, 120]);
  const lineAt = (at) => {
    let start = at, end = at;
    while (start > 0 && page[start - 1].char !== "\n") start--;
    while (end < page.length && page[end].char !== "\n") end++;
    return [start, end];
  };
  switch (random(6)) {
    case 0: return page.splice(from, size);
    case 1: return page.splice(from, 0, ...chars(sentence(script)));
    case 2: return page.splice(from, size, ...chars(one(script[0])));
    case 3: { // a line goes
      const [start, end] = lineAt(from);
      return page.splice(start, end - start + 1);
    }
    case 4: { // a line moves
      const [start, end] = lineAt(from);
      const line = page.splice(start, end - start + 1);
      return page.splice(random(page.length + 1), 0, ...line);
    }
    default: { // a line is copied: where both are the same words between the same words, both are the passage
      const [start, end] = lineAt(from);
      return page.splice(random(page.length + 1), 0, ...chars("\n"), ...page.slice(start, end), ...chars("\n"));
    }
  }
}

const result = { edits: 0, exact: 0, edited: 0, outdated: 0, unchanged: 0, wrong: [] };
// An index of characters for one of UTF-16 code units.
function charIndex(page) {
  const index = [];
  page.forEach(({ char }, n) => { for (let i = 0; i < char.length; i++) index.push(n); });
  return index.concat(page.length);
}

while (result.edits < edits) {
  const script = one(SCRIPTS);
  const page = newPage(script);
  const before = textOf(page), index = charIndex(page);
  const passages = Array.from({ length: 8 }, () => {
    let a = random(page.length), b = Math.min(page.length, a + one([1, 3, 8, 20, 45, 90]));
    while (a < b && !page[a].char.trim()) a++; // as PageText.offsets() does
    while (a < b && !page[b - 1].char.trim()) b--;
    const start = page.slice(0, a).reduce((sum, { char }) => sum + char.length, 0);
    const end = start + textOf(page.slice(a, b)).length;
    return { ids: new Set(page.slice(a, b).map(({ id }) => id)), selector: selectors(before, start, end) };
  }).filter(({ selector }) => selector.exact.trim());
  for (const { selector } of passages) {
    const place = anchor(before, selector);
    if (place?.start === selector.start && place.end === selector.end) result.unchanged++;
    else result.wrong.push({ why: "unchanged", selector, place });
  }
  for (let n = 1 + random(4); n > 0; n--) {
    edit(page, script);
    result.edits++;
    const text = textOf(page), at = charIndex(page);
    for (const { ids, selector } of passages) {
      const place = anchor(text, selector);
      if (!place) { result.outdated++; continue; }
      const words = text.slice(place.start, place.end);
      const found = page.slice(at[place.start], at[place.end]);
      // Most of what it is on now must be what it was on, by the characters' own ids.
      const own = found.filter(({ id }) => ids.has(id)).length;
      if (own < 0.5 * Math.max(found.length, 1)) result.wrong.push({ selector, words, text });
      else words === selector.exact ? result.exact++ : result.edited++;
    }
  }
}
console.log(JSON.stringify({ ...result, wrong: result.wrong.length, examples: result.wrong.slice(0, 3) }));
