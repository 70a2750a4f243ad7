// Every component of @feelback/react, for the page's own address.
import { createRoot } from "react-dom/client";
import {
    FeelbackMessage, FeelbackProvider, FeelbackPulse, FeelbackReaction, FeelbackTaggedMessage, FeelbackYesNo,
    PRESET_FEEDBACK, PRESET_GITHUB_EMOJI, PRESET_PULSE_LIKE, PRESET_YESNO_LIKE_DISLIKE,
} from "@feelback/react";

const { endpoint, widgets } = window.page;
createRoot(document.getElementById("root")).render(
    <FeelbackProvider endpoint={endpoint}>
        <div id="pulse"><FeelbackPulse contentSetId={widgets.pulse} preset={PRESET_PULSE_LIKE} showCount /></div>
        <div id="yesno"><FeelbackYesNo contentSetId={widgets.yesno} preset={PRESET_YESNO_LIKE_DISLIKE} showCount /></div>
        <div id="reaction"><FeelbackReaction contentSetId={widgets.reaction} preset={PRESET_GITHUB_EMOJI} showCount /></div>
        <div id="message"><FeelbackMessage contentSetId={widgets.message} layout="inline" /></div>
        <div id="tagged"><FeelbackTaggedMessage contentSetId={widgets.tagged} preset={PRESET_FEEDBACK} layout="radio-group" withMessage="optional" /></div>
    </FeelbackProvider>,
);
