// What most visitors do not need, and pages load when they do.
export { change, grow, remove } from "./changes.js";
export { default as ask } from "./follow_up.js";
export { flush, sendMany } from "./queue.js";
export { translate } from "./translate.js";
export { explain } from "./words.js";
