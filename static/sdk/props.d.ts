import type { Context, Field, Option } from "./feelback.js";

/** Props of every component. */
export interface Props {
  /** The widget's id. */
  widget?: string;
  /** The page key: "$auto" (the page's address, the default), "$path" (without its query), or a key of your own. */
  page?: string;
  /** A placement's id, instead of widget and page. */
  placement?: string;
  preset?: string;
  options?: string | Option[];
  count?: boolean;
  label?: string;
  /** What is shown once a response is stored. */
  thanks?: string;
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
