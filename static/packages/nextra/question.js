"use client";
// The question with the page's locale, version and edit address, which the theme's configuration has. The elements are loaded
// once the page is live, so that they find their settings.
import { createElement, useEffect } from "react";
import { usePathname } from "next/navigation.js";
import { useThemeConfig } from "nextra-theme-docs";
import { attributesOf, PlainForm } from "@scope/react/markup";
import { configure } from "feelback/settings";

const OF_NEXTRA = "https://github.com/shuding/nextra"; // which the theme takes where the site has none

export function Question({ filePath, options }) {
  const path = usePathname();
  const { docsRepositoryBase, i18n = [] } = useThemeConfig();
  const { endpoint, widget, type = "yesno", label, version, siteUrl, props, settings } = options;
  configure({ endpoint: endpoint.replace(/\/$/, ""), ...settings });
  useEffect(() => void import("feelback"), []);
  const locale = i18n.find(({ locale }) => locale === path.split("/")[1])?.locale;
  const editUrl = docsRepositoryBase !== OF_NEXTRA && filePath && `${docsRepositoryBase.replace(/\/$/, "")}/${filePath}`;
  const question = typeof label === "object" ? label[locale] ?? Object.values(label)[0] : label ?? "Was this page helpful?";
  const attributes = { widget, label: question, ...props };
  const context = { ...(locale && { locale }), ...(version && { version }), ...(editUrl && { editUrl }), ...props?.context };
  const page = siteUrl && siteUrl.replace(/\/$/, "") + path;
  const form = createElement(PlainForm, { type, endpoint, page, ...attributes });
  const about = Object.keys(context).length ? context : undefined;
  return createElement("feelback-" + type, { ...attributesOf({ ...attributes, context: about }), key: path }, form);
}
