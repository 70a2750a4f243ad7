import type { LoadContext, Plugin } from "@docusaurus/types";

export interface Options {
  /** Where your Feelback answers. */
  endpoint: string;
  /** The widget's id. */
  widget: string;
  /** The element, without "feelback-"; the default is "yesno". */
  type?: "pulse" | "updown" | "yesno" | "reaction" | "rating" | "nps" | "message" | "tagged-message" | "form";
  /** The question; the default is "Was this page helpful?". By locale if it is an object, as in { en: "…", de: "…" }. */
  label?: string | Record<string, string>;
  /** Of the documentation, such as "2.1", where Docusaurus has no versions. */
  version?: string;
  /** More props of the component, such as count or preset. */
  props?: Record<string, unknown>;
  /** Whether visitors get a token, and what their browsers store. */
  settings?: { visitor?: "token" | "none"; store?: "local" | "session" | "none"; texts?: Record<string, string> };
}
export default function feelback(context: LoadContext, options: Options): Plugin;
export function validateOptions(input: { options: Options }): Options;
