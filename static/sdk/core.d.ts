/** The client. Elements are defined by importing the module. */

export type Value = string | number | boolean | { tag: string; message?: string } | Record<string, string | number | boolean>;
export type Context = Record<string, string | number | boolean | null>;

/** What a signal is about: a key of a set (the page's address, or one of your own), or a content's id. */
export type Target = { set: string; key: string; content?: undefined } | { content: string; set?: undefined; key?: undefined };
export type Signal = Target & { value: Value; context?: Context; visitor?: string; revokable?: boolean };

export interface Stored {
  id: string;
  /** folded: this visitor's earlier signal has the value now. ignored: a crawler's. test: the project is in test mode. */
  outcome: "counted" | "folded" | "edited" | "ignored" | "test";
  /** With the token it can be edited and removed until `expireAt`. */
  revokable?: { token: string; expireAt: string };
}
/** It could not be sent now, and will be as soon as it can. */
export interface Queued {
  outcome: "queued";
}
export interface Refused {
  status: number;
  error: string;
  message: string;
  data: Record<string, unknown>;
}

export interface Counts {
  set: string;
  key: string;
  counts: Record<string, number>;
  total: number;
  positive: number | null;
  neutral: number | null;
  negative: number | null;
  sentiment: number | null;
  average: number | null;
  score: number | null;
}

export interface Settings {
  /** Where the API answers; the script's own origin unless told. In a bundle it has to be told. */
  endpoint?: string;
  /** "token" keeps a random token for the visitor in their browser; "none", the default, does not. */
  visitor?: "token" | "none";
  /** Where a browser remembers its own answers: "local" (the default), "session" or "none". */
  store?: "local" | "session" | "none";
  texts?: Partial<Record<string, string>>;
}

export function configure(settings: Settings): void;
/** Sends a signal; rejects with an Error that has `status` and `data` where it is refused. */
export function send(signal: Signal): Promise<Stored | Queued>;
/** Sends up to 500 at once; each has its own result. */
export function sendMany(signals: Signal[]): Promise<(Stored | Refused)[]>;
export function edit(id: string, token: string, value: Value): Promise<Stored>;
export function remove(id: string, token: string): Promise<object>;
/** Counts of up to 200 contents in one request; the sets of one project. */
export function stats(targets: Target[]): Promise<Counts[]>;
/** Sends now what waits. */
export function flush(): Promise<void>;

export interface Option {
  value: string;
  label?: string;
  icon?: string;
}
export interface FeelbackElement extends HTMLElement {
  options: Option[] | null | undefined;
}

export type Detail = Partial<Target> & { value?: Value; id?: string; outcome?: string; error?: Error; counts?: Record<string, number> };
declare global {
  interface HTMLElementTagNameMap {
    "feelback-pulse": FeelbackElement;
    "feelback-yesno": FeelbackElement;
  }
  interface GlobalEventHandlersEventMap {
    /** Before anything is sent; preventDefault() keeps it from being sent. */
    "feelback-sending": CustomEvent<Detail>;
    "feelback-sent": CustomEvent<Detail>;
    "feelback-removed": CustomEvent<Detail>;
    "feelback-failed": CustomEvent<Detail>;
    "feelback-queued": CustomEvent<Detail>;
    "feelback-counts": CustomEvent<Detail>;
  }
}
