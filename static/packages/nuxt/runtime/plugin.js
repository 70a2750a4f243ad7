import { defineNuxtPlugin } from "#imports";
import options from "#build/feelback.options.mjs";
import { configure } from "@scope/vue";

// Not in the plugin's function, which runs after the elements on the page are defined.
const { endpoint, visitor, store } = options;
configure({ endpoint: endpoint.replace(/\/$/, ""), ...(visitor && { visitor }), ...(store && { store }) });

export default defineNuxtPlugin(() => {});
