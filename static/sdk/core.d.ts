/** The client. Elements are defined by importing the module. */

export type Value = string | number | boolean | { tag: string; message?: string } | Record<string, string | number | boolean>;
export type Context = Record<string, string | number | boolean | null>;

/** A widget and a page key (the page's address, or one of your own), or a placement's id. */
export type Target = { widget: string; page: string; placement?: undefined } | { placement: string; widget?: undefined; page?: undefined };
export type NewResponse = Target & {
  value: Value;
  context?: Context;
  visitor?: string;
  revokable?: boolean;
  /** The page's title, at most 300 characters. */
  title?: string;
  /** What of the page a message or form is about: see passage.js. */
  passage?: { exact: string; prefix?: string; suffix?: string; heading?: string; start: number; end: number };
};

export interface Result {
  /** Missing for a duplicate whose first response may be of another person. */
  id?: string;
  /** duplicate: the visitor's earlier response has this value now. ignored: from a crawler. test: the project is in test mode. */
  outcome: "counted" | "duplicate" | "edited" | "ignored" | "test";
  /** With the token the response can be edited and removed until `expireAt`. */
  revokable?: { token: string; expireAt: string };
  /** What to ask now: the option that was sent has a follow-up. */
  followUp?: FollowUp;
  /** The page key, where it is another text than `page`. */
  canonical?: string;
}
/** What an option asks once it was chosen; a visitor may leave out all of it. */
export interface FollowUp {
  question: string;
  /** Whether it takes several reasons. */
  multiple: boolean;
  message: boolean;
  contact: boolean;
  reasons: { value: string; label: string }[];
}
/** Parts to add to a response or to change; null clears. */
export interface Parts {
  value?: Value;
  /** Values of the reasons that the option's follow-up offers. */
  reasons?: string[] | null;
  message?: string | null;
  /** An email address. */
  contact?: string | null;
}
/** The response could not be sent yet; it is sent as soon as possible. */
export interface QueuedResult {
  outcome: "queued";
}
export interface Refusal {
  status: number;
  error: string;
  message: string;
  data: Record<string, unknown>;
}

export interface Counts {
  widget: string;
  page: string;
  counts: Record<string, number>;
  total: number;
  positive: number | null;
  neutral: number | null;
  negative: number | null;
  sentiment: number | null;
  average: number | null;
  score: number | null;
  /** The page key, where it is another text than `page`. */
  canonical?: string;
}

export interface Settings {
  /** Where the API answers. The default is the script's own origin; a bundle has to set it. */
  endpoint?: string;
  /** "token" keeps a random token for the visitor in their browser; "none", the default, does not. */
  visitor?: "token" | "none";
  /** Where the browser stores the visitor's own responses: "local" (the default), "session" or "none". */
  store?: "local" | "session" | "none";
  /** Words of the elements, by name; they come before those of the page's language. */
  texts?: Partial<Record<string, string>>;
}

export function configure(settings: Settings): void;
/** Sends a response. Rejects with an Error that has `status` and `data` if it is refused. */
export function send(response: NewResponse): Promise<Result | QueuedResult>;
/** Sends up to 500 responses in one request; each has its own result. */
export function sendMany(responses: NewResponse[]): Promise<(Result | Refusal)[]>;
export function edit(id: string, token: string, value: Value): Promise<Result>;
/** Adds parts to a response: what is left out stays. The same call twice changes nothing. */
export function grow(id: string, token: string, parts: Parts): Promise<Result>;
export function remove(id: string, token: string): Promise<object>;
/** Counts of up to 200 placements in one request; their widgets belong to one project. */
export function stats(targets: Target[]): Promise<Counts[]>;
/** Sends the queued responses now. */
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
/** Of `feelback:response`, `feelback:followup` and `feelback:done`. */
export type ResponseDetail = Partial<Target> & Omit<Parts, "value"> & { id: string; value: Value; outcome?: string };
declare global {
  interface HTMLElementTagNameMap {
    "feelback-pulse": FeelbackElement;
    "feelback-yesno": FeelbackElement;
  }
  interface GlobalEventHandlersEventMap {
    /** Before a response is sent; preventDefault() stops it. */
    "feelback-sending": CustomEvent<Detail>;
    "feelback-sent": CustomEvent<Detail>;
    "feelback-removed": CustomEvent<Detail>;
    "feelback-failed": CustomEvent<Detail>;
    "feelback-queued": CustomEvent<Detail>;
    "feelback-counts": CustomEvent<Detail>;
    /** A response is stored. */
    "feelback:response": CustomEvent<ResponseDetail>;
    /** A step of the follow-up is stored, or queued: reasons, message or contact. */
    "feelback:followup": CustomEvent<ResponseDetail>;
    /** Nothing is asked, or nothing more: the visitor has sent or closed the follow-up. */
    "feelback:done": CustomEvent<ResponseDetail>;
  }
}
