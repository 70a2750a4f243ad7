import type { FeelbackElement, FollowUp, Option } from "./core.js";

export * from "./core.js";

export interface Field {
  name: string;
  kind?: "text" | "email" | "number" | "boolean" | "choice";
  label?: string;
  required?: boolean;
  min?: number;
  max?: number;
  choices?: string[];
}
export interface Description {
  id: string;
  type: "pulse" | "updown" | "yesno" | "reaction" | "rating" | "nps" | "message" | "tagged" | "form";
  options: (Required<Option> & { followUp?: FollowUp })[];
  fields: Field[];
}
/** What a widget asks; read once a page. */
export function describe(widget: string): Promise<Description>;

export interface FeelbackFormElement extends FeelbackElement {
  fields: Field[] | null;
}
declare global {
  interface HTMLElementTagNameMap {
    "feelback-updown": FeelbackElement;
    "feelback-reaction": FeelbackElement;
    "feelback-rating": FeelbackElement;
    "feelback-nps": FeelbackElement;
    "feelback-message": FeelbackElement;
    "feelback-tagged-message": FeelbackElement;
    "feelback-form": FeelbackFormElement;
  }
}
