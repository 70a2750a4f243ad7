// For VitePress: a theme that puts the question below every page. It does not import `vitepress`, which is another module in a
// site than in Node: what it needs of the site comes by enhanceApp.
import { h, inject } from "vue";
import * as components from "@scope/vue";

const SITE = Symbol("feelback");
const nameOf = (type) => "Feelback" + type.split("-").map((word) => word[0].toUpperCase() + word.slice(1)).join("");

// The locale of a page: its folder's, or that of the root.
function localeOf({ locales = {}, lang }, path) {
  const key = Object.keys(locales).find((key) => path.startsWith(key + "/")) ?? "root";
  return { key, lang: locales[key]?.lang ?? lang, themeConfig: locales[key]?.themeConfig };
}

function editUrlOf(pattern, page) {
  return typeof pattern === "function" ? pattern(page) : pattern?.replace(/:path/g, page.filePath);
}

const layoutOf = (theme) => theme.Layout ?? layoutOf(theme.extends);

const Question = (options) => () => {
  const { router, site } = inject(SITE);
  const page = router.route.data;
  if (page.isNotFound || page.frontmatter.feelback === false || (page.frontmatter.layout ?? "doc") !== "doc") return null;
  const { endpoint, widget, type = "yesno", label = "Was this page helpful?", version, siteUrl, props } = options;
  const { key, lang, themeConfig } = localeOf(site.value, page.relativePath);
  const editUrl = editUrlOf((themeConfig?.editLink ?? site.value.themeConfig?.editLink)?.pattern, page);
  const question = typeof label === "string" ? label : label[key] ?? label[lang] ?? Object.values(label)[0];
  const attributes = { widget, label: question, ...props };
  const path = page.relativePath.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, site.value.cleanUrls ? "" : ".html");
  const address = siteUrl && siteUrl.replace(/\/$/, "") + site.value.base + path;
  attributes.context = { locale: lang, ...(version && { version }), ...(editUrl && { editUrl }), ...props?.context };
  return h("div", { class: "feelback" }, h(components[nameOf(type)], { ...attributes, key: page.relativePath }, {
    default: () => h(components.PlainForm, { type, endpoint, page: address, ...attributes }),
  }));
};

/** The theme, with the question below every page. */
export default function withFeelback(theme, options) {
  if (!options?.endpoint || !options.widget) throw Error("The theme of Feelback needs an endpoint and a widget.");
  components.configure({ endpoint: options.endpoint.replace(/\/$/, ""), ...options.settings });
  const base = layoutOf(theme);
  const question = Question(options);
  return {
    ...theme,
    Layout: (_, { slots }) => h(base, null, { ...slots, "doc-after": () => [slots["doc-after"]?.(), h(question)] }),
    enhanceApp(context) {
      context.app.provide(SITE, { router: context.router, site: context.siteData });
      return theme.enhanceApp?.(context);
    },
  };
}
