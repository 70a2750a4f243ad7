// The words of a language: a file of texts, read from the server that answers the API, which a page's policy allows anyway.
const FOLDER = "/sdk/languages/";
const CODES = "ar cs da de el es fa fi fr he hi hu id it ja ko nb nl pl pt pt-br ro ru sv tr uk vi zh-hans zh-hant".split(" ");

export async function translate({ _settings: settings }, lang) {
  const locale = new Intl.Locale(lang.replaceAll("_", "-").replace(/^no\b/i, "nb").replace(/^nn\b/i, "nb"));
  const { language, region } = locale;
  const code = [`${language}-${locale.maximize().script}`, `${language}-${region}`, language].map((each) => each.toLowerCase()).find((each) => CODES.includes(each));
  const words = { _locale: locale.baseName };
  if (!code) return words;
  const reply = await fetch(`${settings.endpoint}${FOLDER}${code}.json`, { credentials: "omit" });
  if (!reply.ok) throw Error(`There are no words of ${code}.`);
  const { stars, labels, ...texts } = await reply.json();
  const rules = new Intl.PluralRules(code);
  const starLabels = [1, 2, 3, 4, 5].map((n) => [n > 1 ? `${n} stars` : "1 star", (stars[rules.select(n)] ?? stars.other).replace("{n}", n.toLocaleString(locale))]);
  const marked = Object.entries(labels).concat(starLabels).map(([label, words]) => ["=" + label, words]);
  return { ...texts, ...words, ...Object.fromEntries(marked) };
}
