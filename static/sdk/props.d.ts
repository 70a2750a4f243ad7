import type { Context, Field, Option } from "./feelback.js";

/** What every component takes. */
export interface Props {
  /** The content set. */
  set?: string;
  /** A content's id, instead of set and key. */
  content?: string;
  /** What it is about: "$auto" (the page's address, the default), "$path" (without its query), or a key of your own. */
  contentKey?: string;
  preset?: string;
  options?: string | Option[];
  count?: boolean;
  label?: string;
  look?: "icons" | "labels";
  texts?: Record<string, string>;
  context?: Context;
}
export interface ReactionProps extends Props {
  layout?: "picker";
}
export interface MessageProps extends Props {
  layout?: "dialog";
  email?: boolean | "required";
}
export interface TaggedMessageProps extends MessageProps {
  message?: "required" | "none";
}
export interface FormProps extends Props {
  layout?: "dialog";
  fields?: Field[];
}
