// <Feelback>: the widget of nuxt.config, or another, with the page's locale and the site's version, and a plain form for visitors
// without JavaScript.
import { defineComponent, h } from "vue";
import { useNuxtApp, useRequestURL, useRoute } from "#imports";
import options from "#build/feelback.options.mjs";
import * as components from "@scope/vue";

const nameOf = (type) => "Feelback" + type.split("-").map((word) => word[0].toUpperCase() + word.slice(1)).join("");

export default defineComponent({
  name: "Feelback",
  props: { type: String, label: [String, Object], context: Object },
  inheritAttrs: false,
  setup(props, { attrs, slots }) {
    const route = useRoute(), { $i18n } = useNuxtApp();
    // A site that is generated is rendered for "localhost".
    const origin = options.siteUrl?.replace(/\/$/, "") ?? (import.meta.prerender ? "" : useRequestURL().origin);
    return () => {
      const type = props.type ?? options.type ?? "yesno";
      const locale = $i18n?.locale.value;
      const { version, endpoint, widget } = options;
      const label = props.label ?? options.label;
      const question = typeof label === "object" ? label[locale] ?? Object.values(label)[0] : label;
      const context = { ...(locale && { locale }), ...(version && { version }), ...props.context };
      const attributes = { widget, label: question, ...attrs, ...(Object.keys(context).length && { context }) };
      const page = origin && !/^[^$]/.test(attrs.page ?? "$") ? origin + route.path : "";
      return h(components[nameOf(type)], attributes, {
        default: () => slots.default?.() ?? h(components.PlainForm, { ...attributes, type, endpoint, page }),
      });
    };
  },
});
