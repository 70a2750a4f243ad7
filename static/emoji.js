// A picker of emoji for the icons of options: a small list of our own, searched by English words.
const LIST = `👍 thumbs up like yes good|👎 thumbs down dislike no bad|❤️ heart love red|🧡 heart orange|💛 heart yellow|💚 heart green|💙 heart blue|💜 heart purple
⭐ star favorite|🌟 star glowing|✨ sparkles new shine|🔥 fire hot|🎉 party hooray celebrate|🚀 rocket launch|💯 hundred perfect|🏆 trophy win
😀 grinning happy smile|😄 laugh smile happy|😂 tears of joy laugh|😊 blush happy smile|🙂 slight smile fine|😍 heart eyes love|🥰 hearts love|😎 cool sunglasses
🤔 thinking hmm|😐 neutral meh|😕 confused|🙁 frown sad|😢 cry sad|😥 sad relieved|😭 sob cry|😡 angry mad|😠 angry|🤯 mind blown|😮 wow surprised|😱 scream shock
😴 sleepy boring|🥱 yawn boring|🤨 doubt skeptical|🙄 eye roll|😬 grimace awkward|🤢 sick disgust|🤝 handshake agree|👏 clap applause|🙌 raised hands praise|🙏 thanks please pray
💪 strong muscle|👌 ok fine|✌️ peace victory|🤞 fingers crossed hope|👀 eyes look watching|🧠 brain smart|💡 idea light bulb|💭 thought|💬 message speech comment|📝 note form write
✅ check done yes|✔️ check mark|❌ cross no wrong|❓ question|❗ exclamation important|⚠️ warning|🚫 forbidden no|🐛 bug error|💥 boom error crash|🔧 wrench fix tool
⬆️ up arrow upvote|⬇️ down arrow downvote|➡️ right arrow next|🔁 repeat again|⏰ clock time slow|⚡ fast lightning|🐢 turtle slow|📈 chart up growth|📉 chart down|🎯 target goal
💰 money price|💸 money expensive|🎁 gift|🛒 cart buy shop|📦 package delivery|🔒 lock secure private|🔑 key|🌍 world earth|🏠 home house|📱 phone mobile
📚 books docs learn|📖 book read|🎓 school course learn|✏️ pencil edit|🎨 art design color|🎵 music|📷 camera photo|🎬 film video|🍕 pizza food|☕ coffee
🌱 plant grow|🌈 rainbow|☀️ sun|🌙 moon dark|❄️ snow cold|🌊 wave water|🐱 cat|🐶 dog|🦄 unicorn|👋 wave hello`
    .split(/[|\n]/)
    .map((entry) => [entry.slice(0, entry.indexOf(" ")), entry.slice(entry.indexOf(" ") + 1)]);

const picker = document.getElementById("emoji");

if (picker) {
    document.documentElement.classList.add("can-pick-emoji");
    const [search, list, none] = [picker.querySelector("input"), picker.querySelector(".emoji-list"), picker.querySelector("p")];
    let opener, field;

    const fill = () => {
        const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
        const found = LIST.filter(([, name]) => words.every((word) => name.split(" ").some((part) => part.startsWith(word))));
        list.replaceChildren(...found.map(([emoji, name]) => {
            const button = document.createElement("button");
            button.type = "button";
            button.className = "quiet";
            button.textContent = emoji;
            button.ariaLabel = name;
            button.title = name;
            return button;
        }));
        none.hidden = found.length > 0;
    };

    document.addEventListener("click", (event) => {
        const button = event.target.closest?.("[data-emoji-for]");
        if (button) [opener, field] = [button, document.getElementById(button.dataset.emojiFor)];
    }, true);
    picker.addEventListener("beforetoggle", (event) => {
        if (event.newState !== "open") return;
        search.value = "";
        fill();
    });
    search.addEventListener("input", fill);
    search.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault(); // the key would press what has the focus next
        list.querySelector("button")?.click();
    });
    list.addEventListener("keydown", (event) => {
        const buttons = [...list.children];
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        const next = step && buttons[buttons.indexOf(document.activeElement) + step];
        if (next) next.focus();
    });
    list.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (!button || !field) return;
        field.value = button.textContent;
        picker.hidePopover();
        opener.focus();
        field.dispatchEvent(new Event("input", { bubbles: true }));
    });
}
