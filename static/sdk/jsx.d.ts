/** The elements in JSX, for `import "feelback/jsx"` or `/// <reference types="feelback/jsx" />` in a project with React's types. */
import type { CSSProperties, Key, ReactNode, Ref } from "react";
import type { FeelbackElement, FeelbackFormElement } from "./feelback.js";
import type { FormProps, MessageProps, Props, ReactionProps, TaggedMessageProps } from "./props.js";

interface Html<E> {
  key?: Key | null;
  ref?: Ref<E>;
  children?: ReactNode;
  id?: string;
  class?: string;
  className?: string;
  style?: CSSProperties;
  hidden?: boolean;
  lang?: string;
  dir?: "ltr" | "rtl" | "auto";
  slot?: string;
}
/** Attributes: what is no text is JSON, or an empty text for a mark such as `count`. */
type Attributes<P, E = FeelbackElement> = Html<E> & {
  [Name in keyof P]?: P[Name] extends string | undefined ? P[Name] : string | boolean;
};

export interface FeelbackElements {
  "feelback-pulse": Attributes<Props>;
  "feelback-updown": Attributes<Props>;
  "feelback-yesno": Attributes<Props>;
  "feelback-reaction": Attributes<ReactionProps>;
  "feelback-rating": Attributes<Props>;
  "feelback-nps": Attributes<Props>;
  "feelback-message": Attributes<MessageProps>;
  "feelback-tagged-message": Attributes<TaggedMessageProps>;
  "feelback-form": Attributes<FormProps, FeelbackFormElement>;
}
declare module "react" {
  namespace JSX {
    interface IntrinsicElements extends FeelbackElements {}
  }
}
