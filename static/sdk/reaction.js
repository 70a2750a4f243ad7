// <feelback-reaction>, as a list of buttons or a picker; <feelback-rating>; <feelback-nps>.
import { Choice, grouped, presets } from "./choice.js";
import { make, span, texts } from "./element.js";

const stars = [1, 2, 3, 4, 5].map((n) => `${n}|${n} star${n > 1 ? "s" : ""}|★`).join(";");
Object.assign(presets, {
  "pulse-heart": "+|Love|❤️", "pulse-star": "+|Star|⭐",
  updown: "+1|Upvote|⬆️;-1|Downvote|⬇️", "like-dislike": "+1|Like|👍;-1|Dislike|👎",
  feeling: "happy|Happy|😊;neutral|Neutral|😐;sad|Sad|🙁",
  github: "+1|Like|👍;-1|Dislike|👎;laugh|Laugh|😄;confused|Confused|😕;heart|Love|❤️;hooray|Hooray!|🎉;rocket|Let's go!|🚀;eyes|What?|👀",
  facebook: "like|Like|👍;love|Love|❤️;laugh|Haha|😄;wow|Wow|😮;sad|Cry|😥;angry|Angry|😡",
  evaluation: "love|Love it|😍;happy|It's OK|😊;sad|Not so great|🙁;hate|Hate it|😡",
  feedback: "idea|Idea|💡;error|Error|💥;other|Other|💬",
  rating: stars, stars, nps: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].join(";"),
});
Object.assign(texts, { react: "React", low: "Not at all", high: "Certainly", average: "on average, of" });

class Many extends Choice {
  // Arrows go along the buttons, as they are written.
  _around(group) {
    group.onkeydown = ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key] * (getComputedStyle(this).direction === "rtl" ? -1 : 1);
      if (!step) return;
      const at = this._buttons.indexOf(this._root.activeElement) + step;
      this._buttons.at(at % this._buttons.length)?.focus();
    };
    return [group];
  }
}

export class Reaction extends Many {
  _look = "icons";

  _around(group) {
    super._around(group);
    this._toggle = undefined;
    if (this._attr("layout") !== "picker") return [group];
    group.hidden = true;
    group.classList.add("panel");
    const toggle = make("button", { type: "button", part: "toggle", "aria-expanded": "false" });
    const outside = (event) => event.composedPath().includes(this) || this._toggle(false);
    this._toggle = (isOpen) => {
      group.hidden = !isOpen;
      toggle.ariaExpanded = isOpen;
      if (isOpen) (this._buttons.find(({ ariaPressed }) => ariaPressed === "true") ?? this._buttons[0]).focus();
      document[isOpen ? "addEventListener" : "removeEventListener"]("pointerdown", outside);
    };
    toggle.onclick = () => this._toggle(group.hidden);
    this._face = toggle;
    const picker = make("span", { class: "picker" }, toggle, group);
    picker.onkeydown = ({ key }) => {
      if (key !== "Escape" || group.hidden) return;
      this._toggle(false);
      toggle.focus();
    };
    picker.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !picker.contains(relatedTarget)) this._toggle(false);
    });
    return [picker];
  }

  _press(value) {
    super._press(value);
    if (!this._toggle) return;
    this._toggle(false);
    this._face.focus();
  }

  _sync() {
    super._sync();
    if (!this._drawn || !this._toggle) return;
    const mine = this._drawn.find(({ value }) => value === this._topic._want);
    const all = this._drawn.map(({ value }) => this._topic._count(value) ?? 0).reduce((a, b) => a + b);
    this._face.ariaPressed = !!mine;
    this._face.replaceChildren(
      span("icon", mine?.icon ?? "☺", { "aria-hidden": "true" }),
      span("label", this._text("react") + (mine ? ": " + mine.label : ""), { class: "hidden" }),
      ...(this.hasAttribute("count") ? [span("count", grouped(all))] : []),
    );
  }
}

// One of a row of numbers; shows their average where counts are wanted.
export class Rating extends Many {
  _look = "icons";
  _row = "stars";

  _around(group) {
    super._around(group);
    group.classList.add(this._row);
    this._average = this.hasAttribute("count") && span("average");
    return [group, this._average];
  }

  _sync() {
    super._sync();
    const options = this._drawn ?? [];
    const at = options.findIndex(({ value }) => value === this._topic._want);
    this._buttons?.forEach((button, n) => button.classList.toggle("lit", n <= at));
    if (!this._average || !this._topic._counts) return;
    let total = 0, sum = 0;
    for (const { value } of options) {
      const count = this._topic._count(value);
      total += count;
      sum += count * value;
    }
    const average = total ? (sum / total).toLocaleString(document.documentElement.lang || undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 }) : "–";
    this._average.textContent = `${average} (${grouped(total)})`;
  }
}

export class Nps extends Rating {
  _look = "labels";
  _row = "scale";

  _around(group) {
    const [row, average] = super._around(group);
    const ends = make("span", { part: "ends", "aria-hidden": "true" }, span("low", this._text("low")), span("high", this._text("high")));
    return [make("span", { class: "column" }, row, ends), average];
  }
}
