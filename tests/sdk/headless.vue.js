// A Vue application with controls of its own, beside an element of the same widget.
import { createApp, h } from "vue";
import { configure, FeelbackYesno, useFeelback, useWidget } from "@scope/vue";

const { endpoint, widgets } = window.page;
configure({ endpoint });

const Vote = {
    setup() {
        const { status, value, counts, followUp, error, choose, answer, close } = useFeelback({ widget: widgets.yesno, count: true, context: { version: "2.1" } });
        const widget = useWidget(widgets.yesno);
        return () => h("section", [
            ...(widget.value?.options ?? []).map((option) => h("button", {
                "aria-pressed": option.value === value.value, onClick: () => choose(option.value === value.value ? undefined : option.value),
            }, `${option.label}: ${counts.value?.[option.value] ?? 0}`)),
            h("p", { id: "status" }, `${status.value} ${error.value?.message ?? ""}`),
            followUp.value && h("fieldset", [
                h("legend", followUp.value.question),
                ...followUp.value.reasons.map((reason) => h("button", { onClick: () => answer({ reasons: [reason.value], message: "Which key?" }).then(close) }, reason.label)),
            ]),
        ]);
    },
};

const Message = {
    setup() {
        const { status, error, submit } = useFeelback({ widget: widgets.message });
        return () => h("p", [h("button", { onClick: () => submit("Hello", { email: "ada@example.com" }) }, "Write"), h("span", { id: "message" }, `${status.value} ${error.value?.status ?? ""}`)]);
    },
};

createApp({ render: () => h("main", [h(Vote), h(Message), h(FeelbackYesno, { widget: widgets.yesno, count: true })]) }).mount("#root");
