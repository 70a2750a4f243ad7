/** Importing the module defines <feelback-passage>. */
import type { FeelbackElement } from "./core.js";

export { configure } from "./core.js";

/** Selectors of a W3C Web Annotation: positions count UTF-16 code units of a page's text. */
export interface Passage {
  exact: string;
  prefix?: string;
  suffix?: string;
  heading?: string;
  start: number;
  end: number;
}
/** Where a passage is in a text that may have changed; undefined if it is outdated. */
export function anchor(text: string, passage: Passage): { start: number; end: number } | undefined;

declare global {
  interface HTMLElementTagNameMap {
    "feelback-passage": FeelbackElement;
  }
}
