// Pieces of the page, made of the theme's own classes and of what the server drew.
import { type Text } from "./words";

const english = document.documentElement.lang === "en";

export const locale = english ? "en-GB" : "id-ID";

export function t(text: Text): string { return english ? text.en : text.id; }

export function element(name: string, className: string, ...inside: (Node | string)[]): HTMLElement {
  const e = document.createElement(name);
  if (className) e.className = className;
  e.append(...inside);
  return e;
}

export type Tone = "good" | "caution" | "bad";

// say is a notice.
export function say(tone: Tone, title: Text, ...paragraphs: Text[]): HTMLElement {
  const drawn = (document.getElementById("nada-" + tone) as HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
  const notice = drawn.querySelector<HTMLElement>(".notice")!;
  notice.removeAttribute("role"); // the outcome as a whole announces itself
  notice.querySelector(".notice__title")!.textContent = t(title);
  notice.querySelector(".notice__body")!.append(...paragraphs.map((p) => element("p", "", t(p))));
  return notice;
}

export function section(title: Text, ...inside: Node[]): HTMLElement {
  const head = element("div", "section__head", element("div", "section__title", element("h2", "", t(title))));
  return element("section", "section", head, ...inside);
}

export function list(items: Text[]): HTMLElement {
  return element("div", "prose", element("ul", "", ...items.map((i) => element("li", "", t(i)))));
}

export function badge(tone: Tone | "neutral", label: Text): HTMLElement { return element("span", "badge badge--" + tone, t(label)); }

// summary lists facts; what is empty is left out.
export function summary(facts: [Text, string][]): HTMLElement {
  const rows = facts.filter(([, value]) => value !== "").map(([term, value]) =>
    element("div", "summary__row", element("dt", "summary__term", t(term)), element("dd", "summary__value", value)));
  return element("dl", "summary", ...rows);
}
