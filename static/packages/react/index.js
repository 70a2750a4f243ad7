"use client";
// For React 18 and 19: the elements with typed props, and events as functions; and hooks.
import { createElement, forwardRef, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { describe } from "feelback";
import { createController } from "feelback/controller";
import { attributesOf } from "./markup.js";

// By name, as Next.js refuses `export *` in a module for the client.
export { configure, describe, edit, flush, grow, remove, send, sendMany, stats } from "feelback";
export { createController };
export { PlainForm } from "./markup.js";

const EVENTS = {
  onSending: "-sending", onSent: "-sent", onRemoved: "-removed", onFailed: "-failed", onQueued: "-queued", onCounts: "-counts",
  onResponse: ":response", onFollowup: ":followup", onDone: ":done",
};

const component = (type) =>
  forwardRef(function Feelback(props, outer) {
    const own = useRef(null);
    const latest = useRef(props);
    latest.current = props;
    const attributes = attributesOf(Object.fromEntries(Object.entries(props).filter(([name]) => !(name in EVENTS))));
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
