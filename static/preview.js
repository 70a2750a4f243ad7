// Previews of widgets: they send nothing and follow their form, which htmx changes as well.
const form = document.querySelector("form[data-preview]");
const widget = document.querySelector("#preview .preview");
const stage = document.querySelector("#preview .stage");
const LOOK = { accent: "--feelback-accent", background: "--feelback-background", text: "color" };
const SIZE = { radius: "--feelback-radius", size: "font-size" };

document.addEventListener("feelback-sending", (event) => event.preventDefault());

function rows(first) {
    const names = [...form.elements].map((field) => field.name);
    return names.filter((name) => name.startsWith(`${first}-`)).map((name) => name.slice(first.length + 1));
}

const fieldText = (name) => form.elements[name]?.value.trim() ?? "";

function options(texts) {
    return rows("value")
        .map((n) => ({ value: fieldText(`value-${n}`), label: fieldText(`label-${n}`), icon: fieldText(`icon-${n}`) }))
        .filter(({ value, label, icon }) => value || label || icon)
        .map(({ value, label, icon }) => ({ value: value || label || icon, label: texts[`option:${value}`] || label || value, icon }));
}

function fields() {
    return rows("name")
        .map((n) => ({
            name: fieldText(`name-${n}`) || fieldText(`title-${n}`),
            label: fieldText(`title-${n}`) || fieldText(`name-${n}`),
            kind: fieldText(`kind-${n}`),
            required: form.elements[`required-${n}`].checked,
            max: Number(fieldText(`max-${n}`)) || undefined,
            choices: fieldText(`choices-${n}`).split(",").map((choice) => choice.trim()).filter(Boolean),
        }))
        .filter(({ name }) => name);
}

// The texts of the form by language and name.
function texts() {
    const languages = { "": {} };
    for (const { name, value } of form.elements) {
        const [, language, key] = /^text:([^:]*):(.+)$/.exec(name) ?? [];
        if (key) languages[language] ??= {};
        if (key && value.trim()) languages[language][key] = value.trim();
    }
    return languages;
}

function showLanguages(languages) {
    const select = document.querySelector("[data-preview-language]");
    const codes = Object.keys(languages);
    if (codes.join() !== [...select.options].map((option) => option.value).join()) {
        const chosen = select.value;
        select.replaceChildren(...codes.map((code) => new Option(code || "All pages", code, false, code === chosen)));
    }
    select.closest("label").hidden = codes.length < 2;
    return select.value;
}

function show() {
    const languages = texts();
    const words = { ...languages[""], ...languages[showLanguages(languages)] };
    widget.setAttribute("label", words.label || fieldText("name"));
    widget.setAttribute("texts", JSON.stringify(words));
    for (const [name, property] of Object.entries(LOOK)) {
        widget.style.setProperty(property, form.elements[`own_${name}`].checked ? fieldText(name) : "");
    }
    for (const [name, property] of Object.entries(SIZE)) {
        widget.style.setProperty(property, /^\d+(\.\d+)?$/.test(fieldText(name)) ? `${fieldText(name)}px` : "");
    }
    if (widget.localName === "feelback-form") widget.setAttribute("fields", JSON.stringify(fields()));
    else if (widget.localName !== "feelback-message") widget.options = options(words);
}

// The colours of the page that the widget will be on, remembered by this browser.
const KEY = "feelback-page-colors";
const colors = (() => {
    try {
        return JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
        return {};
    }
})();

for (const field of document.querySelectorAll("[data-page-color]")) {
    const property = field.dataset.pageColor;
    const computed = getComputedStyle(stage)[property === "color" ? "color" : "backgroundColor"].match(/\d+/g) ?? [];
    field.value = colors[property] ?? `#${computed.slice(0, 3).map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
    const paint = () => stage.style.setProperty(property === "color" ? "color" : "background-color", field.value);
    if (colors[property]) paint();
    field.addEventListener("input", () => {
        colors[property] = field.value;
        paint();
        try {
            localStorage.setItem(KEY, JSON.stringify(colors));
        } catch {
            // Without storage the colours last as long as the page.
        }
    });
}

if (form && widget) {
    customElements.whenDefined(widget.localName).then(() => {
        form.addEventListener("input", (event) => {
            // Choosing a colour means to have one.
            const own = form.elements[`own_${event.target.name}`];
            if (own) own.checked = true;
            show();
        });
        document.querySelector("[data-preview-language]").addEventListener("change", show);
        document.addEventListener("htmx:after:swap", show);
        show();
    });
}
