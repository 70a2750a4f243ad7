// The follow-up beside the preview of a widget: what visitors are asked after the option that was edited or pressed last.
const form = document.querySelector("form[data-preview]");
const preview = document.querySelector("[data-follow-up-preview]");
const choice = document.querySelector("[data-follow-up-choice]");
let chosen = "";
let open = [];

const text = (name) => form.elements[name]?.value.trim() ?? "";
const isOn = (name) => form.elements[name]?.checked ?? false;
const parts = () => [...form.querySelectorAll("[data-follow-up]")];
const place = (element) => element.closest?.("[data-follow-up]")?.dataset.followUp;
const nameOf = (n) => text(`label-${n}`) || text(`value-${n}`) || text(`icon-${n}`);

function element(name, attributes = {}, ...children) {
    const result = Object.assign(document.createElement(name), attributes);
    result.append(...children);
    return result;
}

function reasons(n) {
    const labels = [...form.querySelectorAll(`[name^="reason-${n}-"]`)].map((field) => field.value.trim()).filter(Boolean);
    const items = labels.map((label) => element("li", { className: "choice", dir: "auto" }, label));
    const rule = isOn(`multiple-${n}`) ? "Visitors can choose several." : "Visitors can choose one.";
    return items.length ? [element("ul", {}, ...items), element("small", {}, rule)] : [];
}

// A field with its label.
const words = (label, field) => element("label", { className: "words" }, label, field);

function show() {
    const asking = parts().map((part) => part.dataset.followUp).filter((n) => text(`ask-${n}`));
    if (!asking.includes(chosen)) chosen = asking[0] ?? "";
    choice.replaceChildren(...asking.map((n) => new Option(nameOf(n), n, false, n === chosen)));
    choice.closest("label").hidden = asking.length < 2;
    preview.hidden = !chosen;
    preview.replaceChildren(...(chosen
        ? [
            element("strong", { dir: "auto" }, text(`ask-${chosen}`)),
            ...reasons(chosen),
            ...(isOn(`takes_message-${chosen}`) ? [words("Your message (optional)", element("textarea", { rows: 2 }))] : []),
            ...(isOn(`takes_contact-${chosen}`) ? [words("Your email address (optional)", element("input", { type: "email" }))] : []),
            element("small", {}, "Then: ", element("bdi", {}, text(`thanks-${chosen}`) || text("text::sent") || "Thank you.")),
        ]
        : []));
}

function choose(n) {
    if (n === undefined || n === chosen) return;
    chosen = n;
    show();
}

if (form && preview) {
    preview.inert = true;
    form.addEventListener("focusin", ({ target }) => choose(place(target)));
    form.addEventListener("input", show);
    choice.addEventListener("change", () => choose(choice.value));
    document.querySelector(form.dataset.preview).addEventListener("feelback-sending", ({ detail }) => {
        choose(parts().map((part) => part.dataset.followUp).find((n) => text(`value-${n}`) === String(detail?.value)));
    });
    // Rows that the server has drawn anew keep what was unfolded.
    document.addEventListener("htmx:before:swap", () => {
        open = parts().filter((part) => part.open).map((part) => text(`value-${part.dataset.followUp}`)).filter(Boolean);
    });
    document.addEventListener("htmx:after:swap", () => {
        for (const part of parts()) part.open ||= open.includes(text(`value-${part.dataset.followUp}`));
        show();
    });
    show();
}
