import type { ComponentType } from "react";

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
  /** The site's address with its base path: with it, visitors without JavaScript get a form. */
  siteUrl?: string;
  /** More props of the component, such as count or preset. */
  props?: Record<string, unknown>;
  /** Whether visitors get a token, and what their browsers store. */
  settings?: { visitor?: "token" | "none"; store?: "local" | "session" | "none"; texts?: Record<string, string> };
}
/** MDX components whose wrapper puts the question below every page. `feelback: false` in a page's front matter hides it. */
export function withFeelback<Components extends { wrapper?: ComponentType<never> }>(components: Components, options: Options): Components;
