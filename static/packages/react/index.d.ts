import type { CSSProperties, ForwardRefExoticComponent, ReactNode, RefAttributes } from "react";
import type { Description, Detail, FeelbackElement, ResponseDetail } from "feelback";
import type { Controller, ControllerOptions, State } from "feelback/controller";
import type { FormProps, MessageProps, Props, ReactionProps, TaggedMessageProps } from "feelback/props";

export * from "feelback";
export { createController, type Controller, type ControllerOptions, type State } from "feelback/controller";
export type { Props } from "feelback/props";
export { PlainForm } from "./markup.js";

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

/** The state of a widget on a page, and what a visitor can do with it: for controls of your own. */
export function useFeelback(options: ControllerOptions): State & Pick<Controller, "choose" | "submit" | "answer" | "close">;
/** What a widget asks: its options or fields; undefined until it is read. */
export function useWidget(widget: string): Description | undefined;
