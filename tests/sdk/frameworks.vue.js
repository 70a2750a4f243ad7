// A Vue application: the components with their events, and a plain element.
import { createApp, h, ref } from "vue";
import { configure, FeelbackPulse, FeelbackReaction, FeelbackYesno } from "@scope/vue";

const { endpoint, widgets } = window.page;
configure({ endpoint });
const message = ref("nothing");
createApp({
    render: () => h("main", [
        h("p", { id: "message" }, message.value),
        h(FeelbackPulse, { class: "mine", widget: widgets.pulse, count: true, onSent: ({ detail }) => (message.value += ` then ${detail.value}`), onRemoved: () => (message.value = "removed") }),
        h(FeelbackYesno, { widget: widgets.yesno, label: "Helpful?", texts: { sent: "Merci" }, options: [{ value: "y", label: "Oui" }, { value: "n", label: "Non" }], page: message.value === "nothing" ? "a" : "b" }),
        h(FeelbackReaction, { widget: widgets.reaction }),
        h("feelback-pulse", { widget: widgets.pulse, page: "own", count: "" }),
    ]),
}).mount("#root");
