// The footer of a page, and below it the question with the page's locale, version and edit address. `feelback: false` in the
// page's front matter hides it.
import { createElement, Fragment } from "react";
import Footer from "@theme-init/DocItem/Footer";
import globalData from "@generated/globalData";
import useDocusaurusContext from "@docusaurus/useDocusaurusContext";
import { useDoc } from "@docusaurus/plugin-content-docs/client";
import * as components from "@scope/react";

const { endpoint, widget, type = "yesno", label, version: ownVersion, props, settings } = globalData.feelback.default;
const nameOf = (type) => "Feelback" + type.split("-").map((word) => word[0].toUpperCase() + word.slice(1)).join("");

// Not in the component, which is rendered after the elements on the page are defined.
components.configure({ endpoint: endpoint.replace(/\/$/, ""), ...settings });

export default function FooterWithQuestion(footerProps) {
  const { metadata, frontMatter } = useDoc();
  const { i18n, siteConfig } = useDocusaurusContext();
  const footer = createElement(Footer, footerProps);
  if (frontMatter.feelback === false) return footer;
  const { editUrl, permalink } = metadata, locale = i18n.currentLocale;
  const version = ownVersion ?? (metadata.version === "current" ? undefined : metadata.version);
  const question = typeof label === "object" ? label[locale] ?? Object.values(label)[0] : label ?? "Was this page helpful?";
  const attributes = { widget, label: question, ...props };
  const context = { locale, ...(version && { version }), ...(editUrl && { editUrl }), ...props?.context };
  const form = createElement(components.PlainForm, { type, endpoint, page: siteConfig.url + permalink, ...attributes });
  const element = createElement(components[nameOf(type)], { ...attributes, context, key: permalink }, form);
  return createElement(Fragment, null, footer, createElement("div", { className: "feelback margin-top--md" }, element));
}
