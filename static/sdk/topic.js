// What a visitor has said and sees of one content: shared by all elements that show it, so that they never differ.
import { edit, onFlushed, remove, send, unqueue } from "./client.js";
import { counts } from "./stats.js";
import { keep, kept } from "./store.js";

const topics = {};
const idOf = ({ set, key, content }) => content ?? set + " " + key;

export const topic = (target) => (topics[idOf(target)] ??= new Topic(target));

class Topic {
  constructor(target) {
    const id = (this._id = idOf(target));
    this._target = target;
    this._views = new Set();
    this._have = this._want = (kept().queue.find(this._isMine)?.signal ?? kept().sent[id])?.value;
  }

  _isMine = ({ isVote, signal }) => isVote && idOf(signal) === this._id;

  // The counts with the visitor's own answer in them as it will be.
  _count(value) {
    return this._counts && (this._counts[value] ?? 0) - (value === this._have) + (value === this._want);
  }

  _tell(event, detail) {
    for (const view of this._views) view._told(event, detail);
  }

  async _load() {
    if (this._isLoading) return;
    this._isLoading = true;
    const found = await counts(this._target).catch(() => {}); // then they stay as they are
    this._isLoading = false;
    if (found) {
      this._counts = found.counts;
      this._tell("counts", found);
    }
  }

  // Shows at once what is wanted, then makes it so; whoever changes their mind meanwhile is heard in the end.
  async _choose(value, context) {
    this._want = value;
    this._tell();
    if (this._isBusy) return;
    this._isBusy = true;
    try {
      while (this._want !== this._have) await this._move(this._want, context);
    } catch (error) {
      const value = this._want;
      this._want = this._have;
      this._tell("failed", { value, error });
    }
    this._isBusy = false;
  }

  async _move(value, context) {
    const before = this._counts;
    const told = await this._put(value, context);
    const { outcome } = told;
    const isStale = before !== this._counts || /^[fit]/.test(outcome); // folded, ignored, test: what counts is not known
    if (before === this._counts) this._shift(value);
    this._have = value;
    this._keep(value, told);
    this._tell(outcome === "removed" || outcome === "queued" ? outcome : "sent", { value, ...told });
    if (isStale) this._load();
  }

  _shift(value) {
    const counts = this._counts ?? {};
    if (this._have in counts) counts[this._have]--;
    if (value in counts) counts[value]++;
  }

  _keep(value, { id, revokable }) {
    const { sent } = kept();
    delete sent[this._id];
    if (id) sent[this._id] = { value, id, ...revokable };
    keep();
  }

  async _put(value, context) {
    const { id, token, expireAt } = kept().sent[this._id] ?? {};
    const isWaiting = kept().queue.some(this._isMine);
    const isOpen = new Date(expireAt) > new Date();
    unqueue(this._isMine);
    if (value == null) {
      if (isOpen) await remove(id, token);
      else if (!isWaiting) throw { text: "closed" };
      return { outcome: "removed" };
    }
    if (isOpen)
      try {
        return await edit(id, token, value);
      } catch (error) {
        if (error.status !== 403 && error.status !== 404) throw error; // it is over, or was removed elsewhere
      }
    return send({ ...this._target, value, context }, true);
  }

  _flushed({ value }, told) {
    if (told.id) {
      this._keep(value, told);
      this._tell("sent", { value, ...told });
      if (this._counts) this._load();
    } else {
      this._shift();
      this._have = this._want = undefined;
      this._tell("failed", { value, error: told });
    }
  }
}

onFlushed((signal, told) => topics[idOf(signal)]?._flushed(signal, told));
