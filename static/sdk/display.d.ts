/** Importing the module applies the attributes `after`, `scroll`, `share` and `cooldown` of elements. */
export { configure } from "./core.js";

declare global {
  interface GlobalEventHandlersEventMap {
    /** An element with display rules is shown. */
    "feelback-shown": CustomEvent<undefined>;
  }
}
