"use client";
// What a server renders of an element: its attributes, and its content for visitors without JavaScript. It does not load the
// elements themselves.
import { createElement } from "react";
import { plainForm } from "feelback/plain-form";

const optionsText = (options) => options.map(({ value, label, icon }) => [value, label, icon].map((part) => part ?? "").join("|")).join(";");

// Objects become attributes too, so that they are in a page that is rendered on a server.
function attributeOf(name, value) {
  if (["children", "style"].includes(name) || typeof value === "string") return value;
  if (name === "options") return optionsText(value);
  return typeof value === "object" ? JSON.stringify(value) : value === true ? "" : value;
}

/** The attributes of an element, from the props of its component. */
export function attributesOf(props) {
  const attributes = {};
  for (const [name, value] of Object.entries(props))
    if (value != null && value !== false) attributes[name === "className" ? "class" : name] = attributeOf(name, value);
  return attributes;
}

/** A form for visitors without JavaScript, as the content of an element that a server renders. */
export function PlainForm(props) {
  const form = plainForm(props);
  if (!form) return null;
  const hidden = Object.entries(form.hidden).map(([name, value]) => createElement("input", { type: "hidden", name, value, key: name }));
  const message = form.isMessage && createElement("textarea", { name: "message", required: true, maxLength: 5000, "aria-label": form.label || "Your message" });
  const buttons = form.buttons.map(({ value, label, icon }) =>
    createElement("button", { key: value ?? "", ...(value && { name: "value", value }) }, icon && createElement("span", { "aria-hidden": true }, icon, " "), label));
  return createElement("form", { method: "post", action: form.action }, hidden, form.label && createElement("span", null, form.label, " "), message, buttons);
}
