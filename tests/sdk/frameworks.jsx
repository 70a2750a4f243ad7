// A React application: the components with their events, and a plain element.
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { configure, FeelbackPulse, FeelbackReaction, FeelbackYesno } from "@scope/react";

const { endpoint, widgets } = window.page;
configure({ endpoint });

function App() {
    const [message, setMessage] = useState("nothing");
    return (
        <main>
            <p id="message">{message}</p>
            <FeelbackPulse className="mine" widget={widgets.pulse} count onSent={({ detail }) => setMessage(`${message} then ${detail.value}`)} onRemoved={() => setMessage("removed")} />
            <FeelbackYesno widget={widgets.yesno} label="Helpful?" texts={{ sent: "Merci" }} options={[{ value: "y", label: "Oui" }, { value: "n", label: "Non" }]} page={message === "nothing" ? "a" : "b"} />
            <FeelbackReaction widget={widgets.reaction} />
            <feelback-pulse widget={widgets.pulse} page="own" count="" />
        </main>
    );
}
createRoot(document.getElementById("root")).render(<App />);
