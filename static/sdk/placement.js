// A widget on a page: the visitor's choice and the counts, shared by all elements that show them so that they agree.
import { explain, use } from "./asking.js";
import { placements, send, unqueue } from "./client.js";
import { refreshAll } from "./element.js";
import { load } from "./stats.js";
import { readStore, writeStore } from "./store.js";

// A page has many addresses, and one key: the server says it where it is another text than was sent.
const nameOf = ({ widget, page, placement }) => placement ?? widget + " " + page;
const idOf = (target) => readStore().ids[nameOf(target)] ?? nameOf(target);

export const placementOf = (target) => (placements[idOf(target)] ??= new Placement(target));

class Placement {
  constructor(target) {
    this._target = target;
    this._elements = new Set();
    this._read();
  }

  // _choice is what the visitor wants, _value what the server has.
  _read() {
    this._value = this._choice = (readStore().queue.find(this._isMine)?.response ?? readStore().sent[this._id])?.value;
  }

  get _id() {
    return idOf(this._target);
  }

  _isMine = ({ isVote, response }) => isVote && idOf(response) === this._id;

  // The vote moves with the page, and the elements of its other addresses become this placement's as they are drawn.
  _learn(page) {
    const before = this._id, id = page ? nameOf({ ...this._target, page }) : before;
    if (id === before) return;
    const { ids, sent } = readStore();
    ids[nameOf(this._target)] = id;
    sent[id] ??= sent[before];
    delete sent[before];
    placements[id]?._isBusy || (placements[id] = this);
    refreshAll();
  }

  // The count as it will be once the visitor's choice is stored.
  _count(value) {
    return this._counts && (this._counts[value] ?? 0) - (value === this._value) + (value === this._choice);
  }

  _notify(event, detail) {
    for (const element of this._elements) element._report(event, detail);
  }

  _load() {
    this._isRead = true;
    if (Object.values(this._target)[0]) load(this);
    else explain({}, this);
  }

  _receive(item) {
    this._counts = item.counts;
    this._learn(item.canonical);
    this._isBusy || this._read();
    this._notify("counts", item);
  }

  // Shows the choice at once, then stores it. A later choice waits for the request under way.
  async _choose(value, details) {
    this._choice = value;
    this._notify();
    if (this._isBusy) return;
    this._isBusy = true;
    try {
      while (this._choice !== this._value) await this._save(this._choice, details);
    } catch (error) {
      const value = this._choice;
      this._choice = this._value;
      this._notify("failed", { value, error });
    }
    this._isBusy = false;
  }

  async _save(value, details) {
    const before = this._counts;
    const result = await this._submit(value, details);
    const { outcome } = result;
    // After duplicate, ignored or test the counts are unknown; and those that are being read may be of before.
    const isStale = before !== this._counts || /^[dit]/.test(outcome) || (this._isRead && !before);
    if (before === this._counts) this._shift(value);
    this._value = value;
    this._remember(value, result);
    this._notify(outcome === "removed" || outcome === "queued" ? outcome : "sent", { value, ...result });
    if (isStale) this._load();
  }

  _shift(value) {
    const counts = this._counts ?? {};
    if (this._value in counts) counts[this._value]--;
    if (value in counts) counts[value]++;
  }

  _remember(value, { id, revokable, canonical }) {
    this._learn(canonical);
    const { sent } = readStore(), before = value && sent[this._id];
    delete sent[this._id];
    if (id || before) sent[this._id] = { ...before, ...(id && { id, ...revokable }), value };
    writeStore();
  }

  async _submit(value, details) {
    const stored = readStore().sent[this._id];
    const isEditable = new Date(stored?.expireAt) > Date.now();
    const isQueued = unqueue(this._isMine);
    const result = isEditable && (await use("change", stored, value));
    if (value != null) return result || send({ ...this._target, value, ...details }, true);
    if (isEditable || isQueued) return { outcome: "removed" };
    throw { text: "closed" };
  }
}
