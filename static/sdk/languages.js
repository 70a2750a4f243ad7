// Elements in the language of the nearest `lang`. None is drawn before its words have come, so that no word changes in front
// of a visitor; words that cannot be had within two seconds are English.
import { use } from "./asking.js";
import { connected, FeelbackElement } from "./element.js";

const languages = {}; // by `lang`: words, or a promise of them
const { prototype } = FeelbackElement;
const { _refresh: refresh, _word: word } = prototype;

const read = (lang) =>
  new Promise((resolve) => {
    setTimeout(resolve, 2e3, {});
    use("translate", lang).then(resolve, () => resolve({}));
  }).then((words) => (languages[lang] = words));

function wordsFor(element) {
  const { lang } = element.closest("[lang]") ?? document.documentElement;
  return (languages[lang] ??= /^(en|$)/i.test(lang) ? { _locale: lang ? "en" : [] } : read(lang));
}

prototype._refresh = function () {
  this._words = wordsFor(this);
  if (this._words.then) this._words.then(() => this._refresh());
  else refresh.call(this);
};

prototype._word = function (name) {
  return this._words[name] ?? word(name);
};

// Options with labels of ours, those of presets and those that a widget was created with. The page's own stay.
prototype._inWords = function (options) {
  return options?.map((option) => ({ ...option, label: this._words["=" + option.label] ?? option.label }));
};

if (globalThis.document)
  new MutationObserver(() => {
    for (const element of connected) if (element._words !== wordsFor(element)) element.attributeChangedCallback();
  }).observe(document, { subtree: true, attributeFilter: ["lang"] });
