import type { Context, FollowUp, Parts, Value } from "./core.js";

export * from "./core.js";

export interface ControllerOptions {
  /** The widget's id. */
  widget?: string;
  /** The page key: "$auto" (the page's address, the default), "$path" (without its query), or a key of your own. */
  page?: string;
  /** A placement's id, instead of widget and page. */
  placement?: string;
  /** Whether to read counts. */
  count?: boolean;
  context?: Context;
}
export interface State {
  status: "idle" | "sending" | "sent" | "removed" | "queued" | "failed";
  /** What the visitor chose, or sent. */
  value: Value | undefined;
  /** By option, with the visitor's choice; undefined until they are read. */
  counts: Record<string, number> | undefined;
  /** Of the response. */
  id: string | undefined;
  /** What to ask now; undefined once it is closed. */
  followUp: FollowUp | undefined;
  /** Why the status is "failed", or why an answer to the follow-up was refused. */
  error: (Error & { status?: number; error?: string }) | undefined;
}
export interface Controller {
  /** The same object until something changes. */
  getState(): State;
  /** Calls the listener after each change; returns what ends that. */
  subscribe(listener: (state: State) => void): () => void;
  /** Stores a like, vote, rating or reaction; undefined takes it back. Resolves once it is stored, queued or refused. */
  choose(value: string | undefined): Promise<void>;
  /** Sends a message, tagged message or form; `email` is the visitor's. */
  submit(value: Value, more?: { email?: string }): Promise<void>;
  /** Answers the follow-up. Rejects with an Error that has `status` if a part is refused. */
  answer(parts: Pick<Parts, "reasons" | "message" | "contact">): Promise<void>;
  /** Ends the follow-up. */
  close(): void;
}

export function createController(options: ControllerOptions): Controller;
