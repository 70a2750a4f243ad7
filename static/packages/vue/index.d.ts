import type { ComputedRef, FunctionalComponent, MaybeRefOrGetter, Ref } from "vue";
import type { Description, Detail, ResponseDetail } from "feelback";
import type { Controller, ControllerOptions, State } from "feelback/controller";
import type { PlainFormOptions } from "feelback/plain-form";
import type { FormProps, MessageProps, Props, ReactionProps, TaggedMessageProps } from "feelback/props";

export * from "feelback";
export { createController, type Controller, type ControllerOptions, type State } from "feelback/controller";
export type { Props } from "feelback/props";

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

/** The state of a widget on a page, each part a ref, and what a visitor can do with it: for controls of your own. */
export function useFeelback(options: MaybeRefOrGetter<ControllerOptions>): { [Name in keyof State]: ComputedRef<State[Name]> } &
  Pick<Controller, "choose" | "submit" | "answer" | "close">;
/** What a widget asks: its options or fields; undefined until it is read. */
export function useWidget(widget: MaybeRefOrGetter<string>): Ref<Description | undefined>;
/** A form for visitors without JavaScript, as the content of an element that a server renders. */
export const PlainForm: FunctionalComponent<PlainFormOptions>;
