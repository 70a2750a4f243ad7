import type { Settings } from "@scope/vue";
import type { Theme } from "vitepress";

export interface Options {
  /** Where your Feelback answers. */
  endpoint: string;
  /** The widget's id. */
  widget: string;
  /** The element, without "feelback-"; the default is "yesno". */
  type?: "pulse" | "updown" | "yesno" | "reaction" | "rating" | "nps" | "message" | "tagged-message" | "form";
  /** The question; the default is "Was this page helpful?". By locale if it is an object, as in { root: "…", de: "…" }. */
  label?: string | Record<string, string>;
  /** Of the documentation, such as "2.1". */
  version?: string;
  /** The site's address without its base, such as "https://docs.example.com": with it, visitors without JavaScript get a form. */
  siteUrl?: string;
  /** More props of the component, such as count or preset. */
  props?: Record<string, unknown>;
  /** Whether visitors get a token, and what their browsers store. */
  settings?: Pick<Settings, "visitor" | "store" | "texts">;
}
/** The theme, with the question below every page. `feelback: false` in a page's frontmatter hides it. */
export default function withFeelback(theme: Theme, options: Options): Theme;
