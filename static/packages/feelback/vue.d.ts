/** The elements in the templates of Vue, for `import "feelback/vue"` or `/// <reference types="feelback/vue" />`. */
import type { HTMLAttributes } from "vue";
import type { Detail, ResponseDetail } from "./feelback.js";
import type { FormProps, MessageProps, Props, ReactionProps, TaggedMessageProps } from "./props.js";

interface Listeners {
  "onFeelback-sending"?: (event: CustomEvent<Detail>) => void;
  "onFeelback-sent"?: (event: CustomEvent<Detail>) => void;
  "onFeelback-removed"?: (event: CustomEvent<Detail>) => void;
  "onFeelback-failed"?: (event: CustomEvent<Detail>) => void;
  "onFeelback-queued"?: (event: CustomEvent<Detail>) => void;
  "onFeelback-counts"?: (event: CustomEvent<Detail>) => void;
  "onFeelback:response"?: (event: CustomEvent<ResponseDetail>) => void;
  "onFeelback:followup"?: (event: CustomEvent<ResponseDetail>) => void;
  "onFeelback:done"?: (event: CustomEvent<ResponseDetail>) => void;
}
/** Attributes: what is no text is JSON, or an empty text for a mark such as `count`. */
type Attributes<P> = HTMLAttributes & Listeners & {
  [Name in keyof P]?: P[Name] extends string | undefined ? P[Name] : string | boolean;
};
type Element<P> = new () => { $props: Attributes<P> };

declare module "vue" {
  interface GlobalComponents {
    "feelback-pulse": Element<Props>;
    "feelback-updown": Element<Props>;
    "feelback-yesno": Element<Props>;
    "feelback-reaction": Element<ReactionProps>;
    "feelback-rating": Element<Props>;
    "feelback-nps": Element<Props>;
    "feelback-message": Element<MessageProps>;
    "feelback-tagged-message": Element<TaggedMessageProps>;
    "feelback-form": Element<FormProps>;
  }
}
