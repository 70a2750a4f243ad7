import type { FunctionalComponent } from "vue";
import type { Detail, ResponseDetail } from "./feelback.js";
import type { FormProps, MessageProps, Props, ReactionProps, TaggedMessageProps } from "./props.js";

export * from "./feelback.js";
export type { Props } from "./props.js";

type Listener = (event: CustomEvent<Detail>) => void;
type ResponseListener = (event: CustomEvent<ResponseDetail>) => void;
type Events = {
  sending: Listener; sent: Listener; removed: Listener; failed: Listener; queued: Listener; counts: Listener;
  response: ResponseListener; followup: ResponseListener; done: ResponseListener;
};
type Handlers = { [Name in keyof Events as `on${Capitalize<Name>}`]?: Events[Name] };
type Component<P> = FunctionalComponent<P & Handlers, Events>;

export const FeelbackPulse: Component<Props>;
export const FeelbackUpdown: Component<Props>;
export const FeelbackYesno: Component<Props>;
export const FeelbackReaction: Component<ReactionProps>;
export const FeelbackRating: Component<Props>;
export const FeelbackNps: Component<Props>;
export const FeelbackMessage: Component<MessageProps>;
export const FeelbackTaggedMessage: Component<TaggedMessageProps>;
export const FeelbackForm: Component<FormProps>;
