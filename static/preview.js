// Previews of widgets: they send nothing and follow their form.
const form = document.querySelector("form[data-preview]");
const widget = form && document.querySelector(form.dataset.preview);

document.addEventListener("feelback-sending", (event) => event.preventDefault());

function rows(first) {
    const names = [...form.elements].map((field) => field.name);
    return names.filter((name) => name.startsWith(`${first}-`)).map((name) => name.slice(first.length + 1));
}

const fieldText = (name) => form.elements[name]?.value.trim() ?? "";

function options() {
    return rows("value")
        .filter((n) => fieldText(`value-${n}`))
        .map((n) => ({ value: fieldText(`value-${n}`), label: fieldText(`label-${n}`) || fieldText(`value-${n}`), icon: fieldText(`icon-${n}`) }));
}

function fields() {
    return rows("name")
        .filter((n) => fieldText(`name-${n}`))
        .map((n) => ({
            name: fieldText(`name-${n}`),
            label: fieldText(`title-${n}`) || fieldText(`name-${n}`),
            kind: fieldText(`kind-${n}`),
            required: form.elements[`required-${n}`].checked,
            choices: fieldText(`choices-${n}`).split(",").map((choice) => choice.trim()).filter(Boolean),
        }));
}

function show() {
    if (form.elements.name) {
        widget.setAttribute("label", fieldText("name"));
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
