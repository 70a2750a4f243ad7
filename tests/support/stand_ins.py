"""Stand-ins for frameworks that are not installed: modules in their place, and programs that run a snippet as they do.

A snippet is the module `snippet`; PAGE in a program is the page that goes with it.
"""

import json
import textwrap
from pathlib import Path

from tests.programs.packages.files import fill

MODULES = {
    "docusaurus": {
        "@theme-original/DocItem/Footer": 'import React from "react"; export default () => React.createElement("hr");'
    },
    "docusaurus-plugin": {
        "@theme-init/DocItem/Footer": 'import React from "react"; export default () => React.createElement("hr");',
        "@generated/globalData": """
            import configuration from "../../snippet.js";
            export default { feelback: { default: configuration.plugins[0][1] } };""",
        "@docusaurus/useDocusaurusContext": """
            export default () => ({ i18n: { currentLocale: "de" }, siteConfig: { url: "https://blog.example" } });""",
        "@docusaurus/plugin-content-docs/client": """
            const metadata = { permalink: "/a", version: "2.1", editUrl: "https://git.example/a.md" };
            export const useDoc = () => ({ metadata, frontMatter: {} });""",
    },
    "vitepress": {
        "vitepress/theme": """
            import { h } from "vue";
            export default { Layout: (_, { slots }) => h("main", slots["doc-after"]()) };"""
    },
    "vitepress-theme": {
        "vitepress/theme": """
            import { h } from "vue";
            export default { Layout: (_, { slots }) => h("main", slots["doc-after"]()) };"""
    },
    "nuxt-module": {
        "nuxt-globals": "globalThis.defineNuxtConfig = (configuration) => configuration;",
        "#imports": """
            import { ref } from "vue";
            export const defineNuxtPlugin = (plugin) => plugin;
            export const useNuxtApp = () => ({ $i18n: { locale: ref("de") } });
            export const useRequestURL = () => new URL(location.href);
            export const useRoute = () => ({ path: location.pathname });""",
        "#build/feelback.options.mjs": """
            import "nuxt-globals";
            import configuration from "../../snippet.js";
            export default configuration.feelback;""",
    },
    "nuxt": {"nuxt-globals": "globalThis.defineNuxtConfig = (configuration) => configuration;"},
    "angular": {
        "@angular/core": """
            export const CUSTOM_ELEMENTS_SCHEMA = {};
            export const Component = (metadata) => () => {
              document.getElementById("root").innerHTML = metadata.template;
            };"""
    },
}
_SCRIPT = "document.head.append(Object.assign(document.createElement('script'), attributes));"
_VUE = """
    const app = createApp({ template: PAGE });
    app.config.compilerOptions = options;
    app.mount("#root");"""
ENTRIES = {
    "nextjs": """
        import { createRoot } from "react-dom/client";
        import Feedback from "./snippet.jsx";
        createRoot(document.getElementById("root")).render(<Feedback />);""",
    "docusaurus": """
        import { createRoot } from "react-dom/client";
        import Footer from "./snippet.jsx";
        createRoot(document.getElementById("root")).render(<Footer />);""",
    "docusaurus-plugin": """
        import { createRoot } from "react-dom/client";
        import Footer from "./node_modules/@scope/docusaurus/theme/DocItem/Footer/index.js";
        createRoot(document.getElementById("root")).render(<Footer />);""",
    "vitepress-theme": """
        import { createApp, ref } from "vue";
        import theme from "./snippet.js";
        const themeConfig = { editLink: { pattern: "https://git.example/:path" } };
        const locales = { root: { lang: "en" }, de: { lang: "de" } };
        const data = { relativePath: "de/a.md", filePath: "docs/de/a.md", frontmatter: {} };
        const app = createApp(theme.Layout);
        const siteData = ref({ base: "/", lang: "en", locales, themeConfig });
        theme.enhanceApp({ app, router: { route: { data } }, siteData });
        app.mount("#root");""",
    "nuxt-module": """
        import { createApp, h } from "vue";
        import "./node_modules/@scope/nuxt/runtime/plugin.js";
        import Feelback from "./node_modules/@scope/nuxt/runtime/Feelback.js";
        createApp({ render: () => h(Feelback, { count: true, context: { section: 1 } }) }).mount("#root");""",
    "docusaurus-config": f"""
        import configuration from "./snippet.js";
        for (const attributes of configuration.scripts) {_SCRIPT}
        document.getElementById("root").innerHTML = PAGE;""",
    "vitepress": """
        import { createApp } from "vue";
        import theme from "./snippet.js";
        createApp(theme.Layout).mount("#root");""",
    "vitepress-config": f"""
        import {{ createApp }} from "vue/dist/vue.esm-bundler.js";
        import configuration from "./snippet.js";
        for (const [, attributes] of configuration.head) {_SCRIPT}
        const options = configuration.vue.template.compilerOptions;
        {_VUE}""",
    "nuxt": f"""
        import "nuxt-globals";
        import {{ createApp }} from "vue/dist/vue.esm-bundler.js";
        import configuration from "./snippet.js";
        for (const attributes of configuration.app.head.script) {_SCRIPT}
        const options = configuration.vue.compilerOptions;
        {_VUE}""",
    "angular": """
        import "./snippet.ts";
        const index = new DOMParser().parseFromString(PAGE, "text/html");
        import(index.querySelector("script").src);""",
}


def write(name: str, folder: Path, page: str) -> str:
    """Write the modules that a framework's snippet imports, and return the program that runs it."""
    for module, text in MODULES.get(name, {}).items():
        path = folder / "node_modules" / (module if module.endswith("js") else f"{module}.js")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return fill(textwrap.dedent(ENTRIES[name]), "").replace("PAGE", json.dumps(page))
