import type { ReactNode } from "react";
import type { PlainFormOptions } from "feelback/plain-form";

/** The attributes of an element, from the props of its component. */
export function attributesOf(props: Record<string, unknown>): Record<string, unknown>;
/** A form for visitors without JavaScript, as the content of an element that a server renders. */
export function PlainForm(props: PlainFormOptions): ReactNode;
