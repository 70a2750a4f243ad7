// Widgets in the panel: they send nothing, and follow the form that makes them.
const form = document.querySelector("form[data-preview]");
const widget = form && document.querySelector(form.dataset.preview);

document.addEventListener("feelback-sending", (event) => event.preventDefault());

function rows(first) {
    const names = [...form.elements].map((field) => field.name);
    return names.filter((name) => name.startsWith(`${first}-`)).map((name) => name.slice(first.length + 1));
}

const said = (name) => form.elements[name]?.value.trim() ?? "";

function options() {
    return rows("value")
        .filter((n) => said(`value-${n}`))
        .map((n) => ({ value: said(`value-${n}`), label: said(`label-${n}`) || said(`value-${n}`), icon: said(`icon-${n}`) }));
}

function fields() {
    return rows("name")
        .filter((n) => said(`name-${n}`))
        .map((n) => ({
            name: said(`name-${n}`),
            label: said(`title-${n}`) || said(`name-${n}`),
            kind: said(`kind-${n}`),
            required: form.elements[`required-${n}`].checked,
            choices: said(`choices-${n}`).split(",").map((choice) => choice.trim()).filter(Boolean),
        }));
}

function show() {
    if (form.elements.name) {
        widget.setAttribute("label", said("name"));
    }
    if (widget.localName === "feelback-form") {
        widget.setAttribute("fields", JSON.stringify(fields()));
    } else if (widget.localName !== "feelback-message") {
        widget.options = options();
    }
}

if (widget) {
    customElements.whenDefined(widget.localName).then(() => form.addEventListener("input", show));
}
