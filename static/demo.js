// Keeps the totals below the demo's elements up to date; the elements do all the rest.
import { stats } from "/sdk/feelback.js";

const numbers = new Intl.NumberFormat("en");

async function refresh({ target }) {
  const widget = target.closest(".widget");
  if (!widget) return;
  const { widget: id, key } = widget.dataset;
  const [{ total, average }] = await stats([{ widget: id, page: key }]);
  widget.querySelector("[data-total]").textContent = numbers.format(total);
  const place = widget.querySelector("[data-average]");
  if (place) place.textContent = average?.toFixed(1) ?? "–";
}

addEventListener("feelback-sent", refresh);
addEventListener("feelback-removed", refresh);
