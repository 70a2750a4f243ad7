import snippet from "./snippet.js";

export default {
  ...snippet,
  title: "A site", url: "https://blog.example", baseUrl: "/", onBrokenLinks: "throw",
  i18n: { defaultLocale: "en", locales: ["en", "de"] },
  presets: [["classic", { docs: { routeBasePath: "/", editUrl: "https://git.example/edit/" }, blog: false }]],
};
