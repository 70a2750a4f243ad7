// What most visitors do not need, and pages load when they do.
export { grow, remove } from "./changes.js";
export { default as ask } from "./follow_up.js";
export { flush } from "./queue.js";
export { translate } from "./translate.js";
export { explain } from "./words.js";
