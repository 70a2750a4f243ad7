// What the server says of a set: asked for by elements whose page does not say what their options or fields are.
import { call } from "./client.js";
import { Widget } from "./element.js";

const sets = {};

export const describe = (set) =>
  (sets[set] ??= call("/v1/sets/" + set).catch((error) => {
    delete sets[set];
    throw error;
  }));

// The options or fields of the element's set; undefined until they are known, and then it is drawn anew.
Widget.prototype._fromSet = function (name) {
  const set = this._attr("set");
  if (this._asked !== set) {
    this._asked = set;
    this._described = undefined;
    describe(set).then((found) => {
      if (this._asked !== set) return;
      this._described = found;
      this._refresh();
    }, (error) => this._fire("failed", { error }));
  }
  return this._described?.[name];
};
