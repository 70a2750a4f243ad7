import type { NuxtModule } from "nuxt/schema";
import type { Props } from "@scope/vue";

export type ElementType = "pulse" | "updown" | "yesno" | "reaction" | "rating" | "nps" | "message" | "tagged-message" | "form";
export interface Options {
  /** Where your Feelback answers. */
  endpoint: string;
  /** The widget of `<Feelback>` without one of its own. */
  widget?: string;
  /** The element of `<Feelback>`, without "feelback-"; the default is "yesno". */
  type?: ElementType;
  /** The question of `<Feelback>`. By locale if it is an object, as in { en: "…", de: "…" }. */
  label?: string | Record<string, string>;
  /** Of the site, such as "2.1". */
  version?: string;
  /** The site's address, needed only by `nuxt generate` for the form without JavaScript. */
  siteUrl?: string;
  visitor?: "token" | "none";
  store?: "local" | "session" | "none";
}
declare const module: NuxtModule<Options>;
export default module;

declare module "nuxt/schema" {
  interface NuxtConfig {
    feelback?: Options;
  }
}
/** Props of `<Feelback>`. */
export interface FeelbackProps extends Omit<Props, "label"> {
  type?: ElementType;
  label?: Options["label"];
}
