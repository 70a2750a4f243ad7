// The server's description of a widget: read by elements whose page names neither their options nor their fields.
import { call } from "./client.js";
import { FeelbackElement } from "./element.js";

const descriptions = {};

export const describe = (widget) =>
  (descriptions[widget] ??= call("/v1/widgets/" + widget).catch((error) => {
    delete descriptions[widget];
    throw error;
  }));

// The options or fields of the element's widget; undefined until they are known, when the element is drawn again.
FeelbackElement.prototype._fromWidget = function (name) {
  const widget = this._attr("widget");
  if (this._widget !== widget) {
    this._widget = widget;
    this._description = undefined;
    describe(widget).then((description) => {
      if (this._widget !== widget) return;
      this._description = description;
      this._refresh();
    }, (error) => this._fire("failed", { error }));
  }
  return this._description?.[name];
};
