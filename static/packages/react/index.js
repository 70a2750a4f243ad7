"use client";
// For React 18 and 19: the elements with typed props, and events as functions; hooks; and the form without JavaScript.
import { createElement, forwardRef, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { describe } from "feelback";
import { createController } from "feelback/controller";
import { plainForm } from "feelback/plain-form";

export * from "feelback";
export { createController };

const EVENTS = {
  onSending: "-sending", onSent: "-sent", onRemoved: "-removed", onFailed: "-failed", onQueued: "-queued", onCounts: "-counts",
  onResponse: ":response", onFollowup: ":followup", onDone: ":done",
};
// Objects become attributes too, so that they are in a page that is rendered on a server.
const attributeOf = (value) => (typeof value === "object" ? JSON.stringify(value) : value === true ? "" : value);

const component = (type) =>
  forwardRef(function Feelback(props, outer) {
    const own = useRef(null);
    const latest = useRef(props);
    latest.current = props;
    const attributes = {};
    for (const [name, value] of Object.entries(props)) {
      if (name in EVENTS || value == null || value === false) continue;
      if (name === "className") attributes.class = value;
      else if (name === "options" && typeof value !== "string") attributes.options = value.map(({ value, label, icon }) => [value, label, icon].map((part) => part ?? "").join("|")).join(";");
      else attributes[name] = ["children", "style"].includes(name) ? value : attributeOf(value);
    }
    useEffect(() => {
      const element = own.current;
      const listeners = Object.entries(EVENTS).map(([prop, event]) => ["feelback" + event, (event) => latest.current[prop]?.(event)]);
      for (const [event, listener] of listeners) element.addEventListener(event, listener);
      return () => listeners.forEach(([event, listener]) => element.removeEventListener(event, listener));
    }, []);
    attributes.ref = (element) => {
      own.current = element;
      if (typeof outer === "function") outer(element);
      else if (outer) outer.current = element;
    };
    return createElement("feelback-" + type, attributes);
  });

export const FeelbackPulse = component("pulse");
export const FeelbackUpdown = component("updown");
export const FeelbackYesno = component("yesno");
export const FeelbackReaction = component("reaction");
export const FeelbackRating = component("rating");
export const FeelbackNps = component("nps");
export const FeelbackMessage = component("message");
export const FeelbackTaggedMessage = component("tagged-message");
export const FeelbackForm = component("form");

/** The state of a widget on a page, and what a visitor can do with it. */
export function useFeelback(options) {
  const key = JSON.stringify(options);
  const controller = useMemo(() => createController(JSON.parse(key)), [key]);
  const state = useSyncExternalStore(controller.subscribe, controller.getState, controller.getState);
  const { choose, submit, answer, close } = controller;
  return { ...state, choose, submit, answer, close };
}

/** What a widget asks: its options or fields; undefined until it is read. */
export function useWidget(widget) {
  const [description, setDescription] = useState();
  useEffect(() => {
    let isCurrent = true;
    setDescription(undefined);
    describe(widget).then((description) => isCurrent && setDescription(description), () => {});
    return () => (isCurrent = false);
  }, [widget]);
  return description;
}

/** A form for visitors without JavaScript, as the content of an element that a server renders. */
export function PlainForm(props) {
  const form = plainForm(props);
  if (!form) return null;
  const hidden = Object.entries(form.hidden).map(([name, value]) => createElement("input", { type: "hidden", name, value, key: name }));
  const buttons = form.buttons.map(({ value, label, icon }) =>
    createElement("button", { key: value ?? "", ...(value && { name: "value", value }) }, icon && createElement("span", { "aria-hidden": true }, icon, " "), label));
  const message = form.isMessage && createElement("textarea", { name: "message", required: true, maxLength: 5000, "aria-label": form.label || "Your message" });
  return createElement("form", { method: "post", action: form.action }, hidden, form.label && createElement("span", null, form.label, " "), message, buttons);
}
