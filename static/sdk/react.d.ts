import type { CSSProperties, ForwardRefExoticComponent, ReactNode, RefAttributes } from "react";
import type { Detail, FeelbackElement, ResponseDetail } from "./feelback.js";
import type { FormProps, MessageProps, Props, ReactionProps, TaggedMessageProps } from "./props.js";

export * from "./feelback.js";
export type { Props } from "./props.js";

export interface Events {
  /** Before a response is sent; preventDefault() stops it. */
  onSending?: (event: CustomEvent<Detail>) => void;
  onSent?: (event: CustomEvent<Detail>) => void;
  onRemoved?: (event: CustomEvent<Detail>) => void;
  onFailed?: (event: CustomEvent<Detail>) => void;
  onQueued?: (event: CustomEvent<Detail>) => void;
  onCounts?: (event: CustomEvent<Detail>) => void;
  /** A response is stored. */
  onResponse?: (event: CustomEvent<ResponseDetail>) => void;
  /** A step of the follow-up is stored, or queued. */
  onFollowup?: (event: CustomEvent<ResponseDetail>) => void;
  /** Nothing is asked, or nothing more. */
  onDone?: (event: CustomEvent<ResponseDetail>) => void;
}
interface Html {
  id?: string;
  className?: string;
  style?: CSSProperties;
  children?: ReactNode;
}
type Component<P> = ForwardRefExoticComponent<P & Events & Html & RefAttributes<FeelbackElement>>;

export const FeelbackPulse: Component<Props>;
export const FeelbackUpdown: Component<Props>;
export const FeelbackYesno: Component<Props>;
export const FeelbackReaction: Component<ReactionProps>;
export const FeelbackRating: Component<Props>;
export const FeelbackNps: Component<Props>;
export const FeelbackMessage: Component<MessageProps>;
export const FeelbackTaggedMessage: Component<TaggedMessageProps>;
export const FeelbackForm: Component<FormProps>;
