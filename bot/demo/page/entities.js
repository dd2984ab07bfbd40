// Telegram's text entities as elements. Offsets count UTF-16 units, as JavaScript's strings do.

import { h } from "./dom.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const SAFE_SCHEMES = new Set(["http:", "https:"]);

/** Return the address if it may be opened (http or https only), else null. */
export function safeUrl(address) {
  const text = String(address ?? "").trim();
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
  try {
    const url = new URL(whole);
    return SAFE_SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Make a link that opens beside the demo and tells the other page nothing; plain text if unsafe. */
export function link(address, props, ...children) {
  const href = safeUrl(address);
  if (!href) return h("span", props, ...children);
  return h("a", { ...props, href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** Render a text with its entities. `onCommand` is called with the words of a tapped command. */
export function renderText(text, entities, onCommand) {
  const fragment = document.createDocumentFragment();
  const sorted = (entities ?? [])
    .map((entity) => clip(entity, 0, text.length))
    .filter((entity) => entity.length > 0)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  fragment.append(...renderRange(text, 0, text.length, sorted, onCommand));
  return fragment;
}

function clip(entity, start, end) {
  const from = Math.max(start, Math.min(end, Number(entity.offset) || 0));
  const to = Math.max(from, Math.min(end, (Number(entity.offset) || 0) + (Number(entity.length) || 0)));
  return { ...entity, offset: from, length: to - from };
}

function renderRange(text, start, end, entities, onCommand) {
  const nodes = [];
  const waiting = [...entities];
  let at = start;
  while (waiting.length > 0) {
    const outer = waiting.shift();
    const stop = outer.offset + outer.length;
    if (outer.offset > at) nodes.push(text.slice(at, outer.offset));
    const inner = [];
    while (waiting.length > 0 && waiting[0].offset < stop) {
      const next = waiting.shift();
      inner.push(clip(next, outer.offset, stop));
      // What reaches over the end of the outer one goes on after it.
      const rest = clip(next, stop, end);
      if (rest.length > 0) insertSorted(waiting, rest);
    }
    const words = text.slice(outer.offset, stop);
    nodes.push(wrap(outer, words, renderRange(text, outer.offset, stop, inner, onCommand), onCommand));
    // The line break after a block is the block's own end.
    at = BLOCKS.has(outer.type) && stop < end && text[stop] === "\n" ? stop + 1 : stop;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function insertSorted(entities, entity) {
  const place = entities.findIndex((other) => other.offset > entity.offset);
  entities.splice(place === -1 ? entities.length : place, 0, entity);
}

function wrap(entity, words, children, onCommand) {
  const tag = TAGS[entity.type];
  if (tag) return h(tag, {}, ...children);
  if (entity.type === "text_link") return link(entity.url, {}, ...children);
  if (entity.type === "url") return link(words, {}, ...children);
  if (entity.type === "spoiler") return spoiler(children);
  if (entity.type === "bot_command" && onCommand) {
    return h("button", { type: "button", class: "in-text", on: { click: () => onCommand(words) } },
      ...children);
  }
  // Numbers are shown, not linked: a click in a simulation must never ring anybody.
  return h("span", { class: `entity entity-${entity.type}` }, ...children);
}

function spoiler(children) {
  const node = h("button", {
    type: "button", class: "spoiler", "aria-pressed": "false", "aria-label": "Hidden text: show it",
    on: {
      click: () => {
        node.setAttribute("aria-pressed", "true");
        node.removeAttribute("aria-label");
      },
    },
  }, ...children);
  return node;
}
