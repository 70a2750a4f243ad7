// For Nextra: MDX components whose wrapper puts the question below every page. This part runs on the server.
import { createElement, Fragment } from "react";
import { Question } from "./question.js";

export function withFeelback(components, options) {
  if (!options?.endpoint || !options.widget) throw Error("Feelback needs an endpoint and a widget.");
  const Wrapper = components.wrapper;
  function WrapperWithQuestion({ bottomContent, ...props }) {
    const { filePath, feelback } = props.metadata;
    const question = feelback === false ? null : createElement(Question, { filePath, options });
    return createElement(Wrapper, { ...props, bottomContent: createElement(Fragment, null, bottomContent, question) });
  }
  return { ...components, wrapper: WrapperWithQuestion };
}
