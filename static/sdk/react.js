// Components for React 18 and 19: the elements, with typed props, and events as functions.
import { createElement, forwardRef, useEffect, useRef } from "react";
import "./feelback.js";

export * from "./feelback.js";

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
