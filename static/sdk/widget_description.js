// The server's description of a widget: read by elements whose page names neither their options nor their fields.
import { explain } from "./asking.js";
import { call, isTemporary } from "./client.js";
import { FeelbackElement } from "./element.js";

const descriptions = {};

export const describe = (widget) =>
  (descriptions[widget] ??= call("/v1/widgets/" + encodeURIComponent(widget)).catch((error) => {
    delete descriptions[widget];
    throw error;
  }));

// The options or fields of the element's widget; undefined until they are known, when the element is drawn again. It is read
// again for as long as the server is away.
FeelbackElement.prototype._fromWidget = function (name) {
  const widget = this._attr("widget");
  if (this._widget !== widget) {
    this._widget = widget;
    this._description = undefined;
    let tries = 0;
    const read = () =>
      describe(widget).then((description) => {
        if (this._widget !== widget) return;
        this._description = description;
        this._refresh();
      }, (error) => {
        this._fire("failed", { error });
        if (!isTemporary(error)) return explain(error, this);
        setTimeout(() => {
          if (this._widget !== widget) return;
          if (this.isConnected) read();
          else this._widget = undefined; // should it come back, it is read again
        }, 1e3 * Math.min(60, 2 ** tries++));
      });
    if (widget) read();
    else explain({}, this);
  }
  return this._description?.[name];
};
