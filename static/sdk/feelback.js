// The whole SDK: the client, and an element for every type.
import { Choice } from "./choice.js";
import "./errors.js";
import "./more_styles.js";
import { define } from "./element.js";
import "./languages.js";
import { Form, Message, TaggedMessage } from "./forms.js";
import { Nps, Rating, Reaction } from "./reaction.js";

export { configure } from "./settings.js";
export { edit, flush, grow, remove, send, sendMany } from "./client.js";
export { describe } from "./widget_description.js";
export { stats } from "./stats.js";

define({
  pulse: class extends Choice {}, updown: class extends Choice {}, yesno: class extends Choice {},
  reaction: Reaction, rating: Rating, nps: Nps, message: Message, "tagged-message": TaggedMessage, form: Form,
});
