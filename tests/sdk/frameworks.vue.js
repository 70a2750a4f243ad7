// A page of Vue's: the wrappers with events, and a bare element.
import { createApp, h, ref } from "vue";
import { configure, FeelbackPulse, FeelbackReaction, FeelbackYesno } from "feelback/vue";

const { endpoint, sets } = window.page;
configure({ endpoint });
const said = ref("nothing");
createApp({
    render: () => h("main", [
        h("p", { id: "said" }, said.value),
        h(FeelbackPulse, { class: "mine", set: sets.pulse, count: true, onSent: ({ detail }) => (said.value += ` then ${detail.value}`), onRemoved: () => (said.value = "removed") }),
        h(FeelbackYesno, { set: sets.yesno, label: "Helpful?", texts: { sent: "Merci" }, options: [{ value: "y", label: "Oui" }, { value: "n", label: "Non" }], contentKey: said.value === "nothing" ? "a" : "b" }),
        h(FeelbackReaction, { set: sets.reaction }),
        h("feelback-pulse", { set: sets.pulse, "content-key": "own", count: "" }),
    ]),
}).mount("#root");
