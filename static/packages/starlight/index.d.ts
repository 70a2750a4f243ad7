import type { StarlightPlugin } from "@astrojs/starlight/types";

export interface Options {
  /** Where your Feelback answers. */
  endpoint: string;
  /** The widget's id. */
  widget: string;
  /** The element, without "feelback-"; the default is "yesno". */
  type?: "pulse" | "updown" | "yesno" | "reaction" | "rating" | "nps" | "message" | "tagged-message" | "form";
  /** The question; the default is "Was this page helpful?". By locale if it is an object, as in { en: "…", de: "…" }. */
  label?: string | Record<string, string>;
  /** Of the documentation, such as "2.1". */
  version?: string;
  /** More attributes of the element, such as count or preset. */
  props?: Record<string, unknown>;
}
export default function feelback(options: Options): StarlightPlugin;
