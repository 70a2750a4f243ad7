// A page of React's: the wrappers with events, and a bare element.
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { configure, FeelbackPulse, FeelbackReaction, FeelbackYesno } from "feelback/react";

const { endpoint, sets } = window.page;
configure({ endpoint });

function App() {
    const [said, setSaid] = useState("nothing");
    return (
        <main>
            <p id="said">{said}</p>
            <FeelbackPulse className="mine" set={sets.pulse} count onSent={({ detail }) => setSaid(`${said} then ${detail.value}`)} onRemoved={() => setSaid("removed")} />
            <FeelbackYesno set={sets.yesno} label="Helpful?" texts={{ sent: "Merci" }} options={[{ value: "y", label: "Oui" }, { value: "n", label: "Non" }]} contentKey={said === "nothing" ? "a" : "b"} />
            <FeelbackReaction set={sets.reaction} />
            <feelback-pulse set={sets.pulse} content-key="own" count="" />
        </main>
    );
}
createRoot(document.getElementById("root")).render(<App />);
