// A module for Nuxt: components and composables without imports, and the server's address from nuxt.config.
import { addComponent, addImports, addPlugin, addTemplate, createResolver, defineNuxtModule } from "@nuxt/kit";

const ELEMENTS = ["Pulse", "Updown", "Yesno", "Reaction", "Rating", "Nps", "Message", "TaggedMessage", "Form"];
const VUE = "@scope/vue";

export default defineNuxtModule({
  meta: { name: "@scope/nuxt", configKey: "feelback", compatibility: { nuxt: ">=3.12" } },
  setup(options, nuxt) {
    if (!options.endpoint) throw Error("Feelback needs an endpoint: set feelback.endpoint in nuxt.config.");
    const { resolve } = createResolver(import.meta.url);
    addTemplate({ filename: "feelback.options.mjs", getContents: () => `export default ${JSON.stringify(options)};`, write: true });
    nuxt.options.build.transpile.push(resolve("./runtime"), VUE, "feelback");
    addPlugin(resolve("./runtime/plugin.js"));
    addComponent({ name: "Feelback", filePath: resolve("./runtime/Feelback.js") });
    for (const element of ELEMENTS) addComponent({ name: "Feelback" + element, export: "Feelback" + element, filePath: VUE });
    addImports(["useFeelback", "useWidget"].map((name) => ({ name, from: VUE })));

    const { isCustomElement } = (nuxt.options.vue.compilerOptions ??= {});
    nuxt.options.vue.compilerOptions.isCustomElement = (tag) => tag.startsWith("feelback-") || Boolean(isCustomElement?.(tag));
  },
});
