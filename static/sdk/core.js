// The client, <feelback-pulse> and <feelback-yesno>.
import { Choice } from "./choice.js";
import { define } from "./element.js";

export { configure } from "./settings.js";
export { edit, flush, grow, remove, send, sendMany } from "./client.js";
export { stats } from "./stats.js";

define({ pulse: class extends Choice {}, yesno: class extends Choice {} });
