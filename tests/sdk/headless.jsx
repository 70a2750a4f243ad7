// A React application with controls of its own, beside an element of the same widget.
import { createRoot } from "react-dom/client";
import { configure, FeelbackYesno, useFeelback, useWidget } from "@scope/react";

const { endpoint, widgets } = window.page;
configure({ endpoint });

function Vote() {
    const { status, value, counts, followUp, error, choose, answer, close } = useFeelback({ widget: widgets.yesno, count: true, context: { version: "2.1" } });
    const options = useWidget(widgets.yesno)?.options ?? [];
    return (
        <section>
            {options.map((option) => (
                <button key={option.value} aria-pressed={option.value === value} onClick={() => choose(option.value === value ? undefined : option.value)}>
                    {option.label}: {counts?.[option.value] ?? 0}
                </button>
            ))}
            <p id="status">{status} {error?.message}</p>
            {followUp && (
                <fieldset>
                    <legend>{followUp.question}</legend>
                    {followUp.reasons.map((reason) => <button key={reason.value} onClick={() => answer({ reasons: [reason.value], message: "Which key?" }).then(close)}>{reason.label}</button>)}
                </fieldset>
            )}
        </section>
    );
}

function Message() {
    const { status, error, submit } = useFeelback({ widget: widgets.message });
    return <p><button onClick={() => submit("Hello", { email: "ada@example.com" })}>Write</button> <span id="message">{status} {error?.status}</span></p>;
}

createRoot(document.getElementById("root")).render(<main><Vote /><Message /><FeelbackYesno widget={widgets.yesno} count /></main>);
