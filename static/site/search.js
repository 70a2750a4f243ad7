// Searches the documentation where it lies as files, by the index that the server's search uses: app/site/search.py.
import MiniSearch from "../vendor/minisearch-7.2.0.min.js";

const MOST = 20;
const place = document.querySelector("#found");
const list = document.querySelector(".results");
const query = (new URLSearchParams(location.search).get("q") ?? "").trim().slice(0, 200);

// English endings, so that "upgrading" finds "upgrade". Words of three letters stay.
const stem = (word) => word.toLowerCase().replace(/^(.{3,}?)(?:ings?|ed|es|e|s)$/, "$1");

function find({ weights, mostOfAPage, entries }) {
  const index = new MiniSearch({ fields: Object.keys(weights), processTerm: stem, tokenize: (text) => text.match(/[\p{L}\p{N}]+/gu) ?? [] });
  const rows = entries.map(([address, anchor, title, heading, keywords, text], id) => ({ id, address, anchor, title, heading, keywords, text }));
  index.addAll(rows);
  const options = { boost: weights, prefix: (term) => term.length > 1, fuzzy: (term) => (term.length > 3 ? 0.2 : false), weights: { prefix: 0.1, fuzzy: 0.1 } };
  const all = index.search(query, { ...options, combineWith: "AND" });
  const counts = new Map();
  return (all.length ? all : index.search(query, options))
    .map(({ id, terms }) => ({ row: rows[id], terms }))
    .filter(({ row }) => {
      counts.set(row.address, (counts.get(row.address) ?? 0) + 1);
      return counts.get(row.address) <= mostOfAPage;
    })
    .slice(0, MOST);
}

function excerpt(text, terms) {
  const places = terms.map((term) => text.toLowerCase().indexOf(term)).filter((at) => at >= 0);
  const at = Math.max(0, Math.min(...places, text.length) - 60);
  const start = places.length && at ? text.lastIndexOf(" ", at) + 1 : 0;
  return (start ? "… " : "") + text.slice(start, start + 180) + (start + 180 < text.length ? " …" : "");
}

function item({ row: { address, anchor, title, heading, text }, terms }) {
  const element = document.createElement("li");
  const link = element.appendChild(document.createElement("a"));
  link.href = address + (anchor && `#${anchor}`);
  link.textContent = heading;
  if (heading !== title) {
    const page = element.appendChild(document.createElement("span"));
    page.className = "muted";
    page.textContent = ` in ${title}`;
  }
  const words = element.appendChild(document.createElement("p"));
  words.className = "muted";
  words.textContent = excerpt(text, terms);
  return element;
}

document.querySelector("#q").value = query;
if (query) {
  const results = find(await (await fetch(place.dataset.index)).json());
  place.textContent = results.length ? `${results.length} result${results.length === 1 ? "" : "s"}` : "No page matches. Try other words.";
  list.replaceChildren(...results.map(item));
} else {
  place.textContent = "Type a few words, such as “dark mode” or “not working”.";
}
