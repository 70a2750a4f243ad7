import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import { plugins } from "./snippet.js";

export default defineConfig({
  site: "https://blog.example",
  integrations: [starlight({
    title: "A site", plugins, editLink: { baseUrl: "https://git.example/edit/" },
    locales: { root: { label: "English", lang: "en" }, de: { label: "Deutsch", lang: "de" } },
  })],
});
