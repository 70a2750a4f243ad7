// Says when the server cannot be reached, and keeps what was typed: while offline, and over signing in again.
"use strict";

const connection = document.getElementById("connection");
const DRAFT = "feelback-draft";
const OFFLINE = "You’re offline. Nothing was lost: try again once you’re back online.";
const AWAY = "The server can’t be reached. Nothing was lost: try again in a moment.";

function say(text) {
    connection.textContent = text;
    connection.hidden = !text;
}

function stored() {
    try {
        return JSON.parse(sessionStorage.getItem(DRAFT)) ?? {};
    } catch {
        return {};
    }
}

function store(draft) {
    try {
        if (draft) sessionStorage.setItem(DRAFT, JSON.stringify(draft));
        else sessionStorage.removeItem(DRAFT);
    } catch {
        // Without storage what was typed is on the page that says one is signed out.
    }
}

const isTyped = ({ name, type }) => name && !["hidden", "password", "file", "submit", "button"].includes(type) && name !== "code";

function fieldsOf(form) {
    return [...form.elements].filter(isTyped).map(({ name, type, value, checked }) =>
        ["checkbox", "radio"].includes(type) ? [name, value, checked] : [name, value]);
}

function restore({ action, fields }) {
    const form = [...document.forms].find((each) => each.getAttribute("action") === action && each.method === "post");
    if (!form) return;
    for (const [name, value, checked] of fields) {
        for (const field of [form.elements[name] ?? []].flat()) {
            if (field instanceof RadioNodeList) continue;
            if (checked === undefined) field.value = value;
            else if (field.value === value) field.checked = checked;
        }
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
    say("You’re signed in again. What you entered is still here; it is not saved yet.");
}

document.addEventListener("htmx:error", () => say(navigator.onLine ? AWAY : OFFLINE));
document.addEventListener("htmx:after:swap", () => say(""));
addEventListener("offline", () => say(OFFLINE));
addEventListener("online", () => say(""));

document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (!navigator.onLine) {
        event.preventDefault();
        say(OFFLINE);
        connection.scrollIntoView({ block: "nearest" });
        return;
    }
    const fields = fieldsOf(form);
    if (fields.length) store({ path: location.pathname + location.search, action: form.getAttribute("action"), fields });
});

const draft = stored();
if (document.querySelector("[data-signed-out]")) store({ ...draft, isWaiting: true });
else if (draft.isWaiting && draft.path === location.pathname + location.search) {
    store(null);
    restore(draft);
}
