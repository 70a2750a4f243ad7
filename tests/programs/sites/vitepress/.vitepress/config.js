export default {
  title: "A site", lang: "en",
  themeConfig: { editLink: { pattern: "https://git.example/edit/:path" } },
  locales: { root: { label: "English", lang: "en" }, de: { label: "Deutsch", lang: "de" } },
};
