// <feelback-reaction>, as a list of buttons or a picker; <feelback-rating>; <feelback-nps>.
import { Choice, presets } from "./choice.js";
import { create, span, texts } from "./element.js";

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
Object.assign(texts, { react: "React", low: "Not at all likely", high: "Extremely likely" });

const { _options: options } = Choice.prototype;
Choice.prototype._options = function () {
  return this.options ?? this._inWords(options.call(this));
};

Choice.prototype._format = function (number, options) {
  return number.toLocaleString(this._words._locale, options);
};

// A panel opens above its button, or below it if there is no room, and not beside the page.
function keepInView(panel) {
  panel.style = "";
  const { left, right, top } = panel.getBoundingClientRect();
  const shift = Math.max(-left, Math.min(0, document.documentElement.clientWidth - right));
  panel.style = `left: ${panel.offsetLeft + shift}px; right: auto;` + (top < 0 ? "inset-block: 100% auto" : "");
}

class ButtonRow extends Choice {
  // Arrow keys move along the buttons, in the direction of writing.
  _wrap(group) {
    group.onkeydown = ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key] * (getComputedStyle(this).direction === "rtl" ? -1 : 1);
      if (!step) return;
      const at = this._buttons.indexOf(this._root.activeElement) + step;
      this._buttons.at(at % this._buttons.length)?.focus();
    };
    return [group];
  }
}

export class Reaction extends ButtonRow {
  _look = "icons";

  _wrap(group) {
    super._wrap(group);
    this._toggle = undefined;
    if (this._attr("layout") !== "picker") return [group];
    group.hidden = true;
    group.classList.add("panel");
    const toggle = create("button", { type: "button", part: "toggle", "aria-expanded": "false" });
    const outside = (event) => event.composedPath().includes(this) || this._toggle(false);
    this._toggle = (isOpen) => {
      group.hidden = !isOpen;
      toggle.setAttribute("aria-expanded", isOpen);
      if (isOpen) {
        keepInView(group);
        (this._buttons.find((button) => button.matches("[aria-pressed=true]")) ?? this._buttons[0]).focus();
      }
      document[isOpen ? "addEventListener" : "removeEventListener"]("pointerdown", outside);
    };
    toggle.onclick = () => this._toggle(group.hidden);
    this._toggleButton = toggle;
    const picker = create("span", { class: "picker" }, toggle, group);
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

  _press(value, event) {
    super._press(value, event);
    if (!this._toggle) return;
    this._toggle(false);
    this._toggleButton.focus();
  }

  _sync() {
    super._sync();
    if (!this._items || !this._toggle) return;
    const mine = this._items.find(({ value }) => value === this._placement._choice);
    const all = this._items.map(({ value }) => this._placement._count(value) ?? 0).reduce((a, b) => a + b);
    this._toggleButton.setAttribute("aria-pressed", !!mine);
    this._toggleButton.replaceChildren(
      span("icon", mine?.icon ?? "☺", { "aria-hidden": "true" }),
      span("label", this._text("react") + (mine ? ": " + mine.label : ""), { class: "hidden" }),
      ...(this.hasAttribute("count") ? [span("count", this._format(all))] : []),
    );
  }
}

// One of a row of numbers: stars, or a scale with the labels of its ends if the options have no icons. With `count` it shows
// their average.
export class Rating extends ButtonRow {
  _look = "icons";

  _options() {
    const options = super._options();
    this._ends = options && !options[0]?.icon && this._labels(options[0], options.at(-1));
    if (!this._ends) return options;
    return options.map(({ value, label }, n) => {
      const words = label === value ? this._ends[n ? (options[n + 1] ? 2 : 1) : 0] : label;
      return { value, icon: value, label: words ? `${value}: ${words}` : value };
    });
  }

  _labels(...ends) {
    return ends.map(({ value, label }) => (label === value ? "" : label));
  }

  // An average, and of how many.
  _summary(total, sum) {
    return (total ? this._format(sum / total, { minimumFractionDigits: 1, maximumFractionDigits: 1 }) + " " : "") + `(${this._format(total)})`;
  }

  _wrap(group) {
    super._wrap(group);
    this._average = this.hasAttribute("count") && span("average");
    group.classList.add(this._ends ? "scale" : "stars");
    if (!this._ends) return [group, this._average];
    const ends = create("span", { part: "ends", "aria-hidden": "true" }, span("low", this._ends[0]), span("high", this._ends[1]));
    return [create("span", { class: "column" }, group, ends), this._average];
  }

  _sync() {
    super._sync();
    const options = this._items ?? [];
    const at = options.findIndex(({ value }) => value === this._placement._choice);
    this._buttons?.forEach((button, n) => button.classList.toggle("lit", n <= at));
    if (!this._average || !this._placement._counts) return;
    let total = 0, sum = 0;
    for (const { value } of options) {
      const count = this._placement._count(value);
      total += count;
      sum += count * value;
    }
    this._average.textContent = this._summary(total, sum);
  }
}

export class Nps extends Rating {
  // Visitors see how many have answered: an average is no NPS.
  _summary(total) {
    return `(${this._format(total)})`;
  }

  _labels() {
    return [this._text("low"), this._text("high")];
  }
}
