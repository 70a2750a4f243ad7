import type { Option } from "./core.js";

export interface PlainFormOptions {
  type: "pulse" | "updown" | "yesno" | "reaction" | "rating" | "nps" | "message" | "tagged-message" | "form";
  /** Where your Feelback answers. */
  endpoint?: string;
  widget?: string;
  /** The page's address, to which the visitor returns. */
  page?: string;
  label?: string;
  preset?: string;
  options?: string | Option[];
}
export interface PlainForm {
  action: string;
  /** Hidden fields by name. */
  hidden: { widget: string; page: string };
  label?: string;
  /** Whether the form has a field `message`. */
  isMessage: boolean;
  /** Their name is `value`; that of a message has none. */
  buttons: Partial<Option>[];
}
/** What the form is made of; undefined where it cannot work: options that only the server knows, or a page without an address. */
export function plainForm(options: PlainFormOptions): PlainForm | undefined;
