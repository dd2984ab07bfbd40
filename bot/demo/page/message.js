// One message as a bubble: text, media, buttons, reactions, and what one may do with it.

import { button, h } from "./dom.js";
import { link, renderText, safeUrl } from "./entities.js";
import { clock, day, preview, senderName, serviceText } from "./format.js";
import { icon } from "./icons.js";
import { renderMedia } from "./media.js";

const REACTIONS = ["👍", "❤", "👏", "🙏", "👀", "😢"];
const STYLES = new Set(["danger", "success", "primary"]);
const NAME_COLOURS = 6;

/** Return the rows of a conversation: messages with the days between them. */
export function rowsOf(messages) {
  const rows = [];
  let last = null;
  for (const message of messages) {
    const date = day(message.date);
    if (date !== last) rows.push({ day: date });
    last = date;
    rows.push({ message });
  }
  return rows;
}

/** Return what a row is known by. */
export function rowKey(row) {
  return row.message ? `${row.message.chat.id}:${row.message.message_id}` : `day ${row.day}`;
}

/** Return all that the row's look depends on, as text. */
export function rowSignature(row, view) {
  if (!row.message) return row.day;
  const key = rowKey(row);
  return JSON.stringify([row.message, view.viewer, view.reactions[key], view.open.has(key),
    view.explained?.has(key), view.chosenWhy === key]);
}

/** Build a row; `view` says who looks and what can be done (see phone.js and staff.js). */
export function buildRow(row, view) {
  if (!row.message) return h("li", { class: "day" }, h("span", { text: row.day }));
  const message = row.message;
  const service = serviceText(message);
  const testid = `message-${message.chat.id}-${message.message_id}`;
  if (service) {
    return h("li", { class: "service", data: { testid } },
      h("span", {}, service, " ", h("time", { text: clock(message.date) })));
  }
  const own = message.from?.id === view.viewer;
  return h("li", { class: own ? "row own" : "row", data: { testid } },
    bubble(message, view, own),
    keyboard(message, view),
    reactions(message, view),
    footer(message, view, own),
    view.open.has(rowKey(row)) ? actions(message, view, own) : null);
}

function bubble(message, view, own) {
  const words = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities;
  const media = renderMedia(message);
  const body = words
    ? h("div", { class: "words", dir: "auto" }, renderText(words, entities, view.onCommand))
    : null;
  return h("div", { class: "bubble" },
    view.showNames && !own ? nameOf(message)
      : h("span", { class: "unseen", text: `${own ? "You" : senderName(message)}: ` }),
    message.forward_origin ? h("p", { class: "forwarded", text: "Forwarded message" }) : null,
    quote(message),
    media,
    body,
    !media && !body ? h("p", { class: "words faint", text: "A kind of message that this page does not draw." }) : null,
    h("p", { class: "stamp" },
      message.edit_date && !message.from?.is_bot ? "edited " : null,
      h("time", { datetime: new Date(message.date * 1000).toISOString(), text: clock(message.date) })));
}

function nameOf(message) {
  const colour = Math.abs(message.from?.id ?? 0) % NAME_COLOURS;
  return h("p", { class: `sender colour-${colour}` }, senderName(message),
    message.from?.is_bot ? h("span", { class: "tag", text: "bot" }) : null);
}

function quote(message) {
  const replied = message.reply_to_message;
  // In a forum Telegram hangs every message of a topic on the message that made the topic.
  if (!replied || replied.forum_topic_created) return null;
  return h("blockquote", { class: "quote" },
    h("strong", { text: senderName(replied) }),
    h("span", { dir: "auto", text: message.quote?.text ?? preview(replied) }));
}

function keyboard(message, view) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return h("div", { class: "inline-keyboard", role: "group", "aria-label": "Buttons of this message" },
    ...rows.map((row) => h("div", { class: "inline-row" },
      ...row.map((one) => inlineButton(one, message, view)))));
}

function inlineButton(one, message, view) {
  const props = { class: STYLES.has(one.style) ? `inline ${one.style}` : "inline" };
  if (one.url !== undefined) {
    const safe = safeUrl(one.url);
    return link(one.url, { ...props, title: safe ?? "This link is not opened here" }, one.text,
      h("span", { class: "arrow", "aria-hidden": "true", text: " ↗" }));
  }
  if (one.copy_text) return button(one.text, () => view.onCopy(one.copy_text.text), props);
  if (one.callback_data === undefined) {
    return h("button", { type: "button", ...props, disabled: true }, one.text);
  }
  const node = button(one.text, async () => {
    node.setAttribute("aria-busy", "true");
    await view.onPress(message, one.callback_data);
    node.removeAttribute("aria-busy");
  }, { ...props, data: { action: one.callback_data } });
  return node;
}

function reactions(message, view) {
  const given = view.reactions[rowKey({ message })];
  if (!given?.length) return null;
  const byEmoji = new Map();
  for (const { emoji, by } of given) byEmoji.set(emoji, [...(byEmoji.get(emoji) ?? []), by]);
  return h("p", { class: "reactions" }, ...[...byEmoji].map(([emoji, people]) => {
    const names = people.map((id) => view.nameOf(id)).join(", ");
    const mine = people.includes(view.viewer);
    return button(`${emoji} ${names}`, () => view.onReact(message, mine ? null : emoji), {
      class: mine ? "reaction mine" : "reaction", "aria-pressed": String(mine),
      "aria-label": `${emoji} from ${names}`,
    });
  }));
}

function footer(message, view, own) {
  const key = rowKey({ message });
  const name = `${message.chat.id}-${message.message_id}`;
  const tools = h("p", { class: "tools" });
  if (own && view.onWhy) {
    tools.append(button("Why did it answer so?", () => view.onWhy(message), {
      class: view.explained.has(key) ? "why-link" : "why-link faint",
      "aria-pressed": String(view.chosenWhy === key), data: { testid: `why-${name}` },
    }));
  }
  tools.append(
    button(icon("reply"), () => view.onReply(message), {
      class: "tool", "aria-label": "Reply", title: "Reply", data: { testid: `reply-${name}` },
    }),
    button(icon("more"), () => view.onToggle(key), {
      class: "tool", "aria-label": "More", title: "React, edit, delete",
      "aria-expanded": String(view.open.has(key)), data: { testid: `more-${name}` },
    }));
  return tools;
}

function actions(message, view, own) {
  const name = `${message.chat.id}-${message.message_id}`;
  const mine = view.reactions[rowKey({ message })]?.find((one) => one.by === view.viewer)?.emoji;
  const row = h("div", { class: "actions", role: "group", "aria-label": "What to do with this message" },
    ...REACTIONS.map((emoji) => button(emoji,
      () => view.onReact(message, mine === emoji ? null : emoji),
      { class: "emoji", "aria-label": `React with ${emoji}`, "aria-pressed": String(mine === emoji),
        data: { testid: `react-${name}-${emoji}` } })));
  if (own && message.text !== undefined) {
    row.append(button("Edit", () => view.onEdit(message), { class: "quiet", data: { testid: `edit-${name}` } }));
  }
  if (own) {
    row.append(button("Delete", () => view.onDelete(message), { class: "quiet", data: { testid: `delete-${name}` } }));
  }
  return row;
}
