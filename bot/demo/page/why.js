// The panel that shows why the bot answered as it did, whatever shape the explanation has.

import { fetchWhy } from "./api.js";
import { button, h, syncOne } from "./dom.js";
import { clock, preview, senderName } from "./format.js";

const HEADLINES = ["verdict", "headline", "title"];
const NOTHING_YET = "Write something on the phone. What the bot understood, and why it answered as "
  + "it did, appears here.";
const DEEPEST = 4;

/** The panel; follows the newest explained message until somebody picks one. */
export class Why {
  constructor(root, app) {
    this.app = app;
    this.shownKey = null;
    this.known = null;
    this.asking = false;
    this.asked = null;
    this.again = false;
    this.follow = button("Follow the newest", () => {
      app.ui.why = null;
      app.render();
    }, { class: "quiet", data: { testid: "why-follow" } });
    this.heading = h("h2", { tabindex: "-1", text: "Why did it answer so?" });
    this.about = h("div", { class: "why-about" });
    this.body = h("div", { class: "why-body", tabindex: "0", role: "region", "aria-label": "Explanation" });
    root.append(h("div", { class: "pane-inside" },
      h("div", { class: "pane-head why-head" }, this.heading, this.follow),
      h("div", { class: "why-card" }, this.about, this.body)));
  }

  /** The message that is explained: the chosen one, else the person's newest that has an explanation. */
  target() {
    const { state, ui } = this.app;
    const chat = state.chats[String(ui.person)];
    if (!chat) return null;
    const keyOf = (message) => `${chat.id}:${message.message_id}`;
    const explained = new Set(state.why ?? []);
    const chosen = chat.messages.find((message) => keyOf(message) === ui.why);
    return chosen ?? chat.messages.findLast((message) => explained.has(keyOf(message))) ?? null;
  }

  update() {
    const message = this.target();
    const key = message ? `${message.chat.id}:${message.message_id}` : null;
    if (key !== this.shownKey) this.known = null;
    this.shownKey = key;
    this.follow.setAttribute("aria-pressed", String(this.app.ui.why === null));
    syncOne(this.about, JSON.stringify(message), () => message
      ? h("blockquote", { class: "quote" },
        h("strong", { text: `${senderName(message)}, ${clock(message.date)}` }),
        h("span", { dir: "auto", text: preview(message) }))
      : h("p", { class: "hint", text: NOTHING_YET }));
    // Without an entry the answer could only be 404; at the same version it could only be the same.
    const asked = `${key} ${this.app.state.version}`;
    if (!this.app.state.why?.includes(key)) this.known = null;
    else if (asked !== this.asked) this.ask(message, key, asked);
    this.show();
  }

  /** Fetch the explanation; while one is on its way, further wishes become one more. */
  async ask(message, key, asked) {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    this.asked = asked;
    const found = await fetchWhy(message.chat.id, message.message_id).catch(() => null);
    this.asking = false;
    if (key === this.shownKey) {
      this.known = found;
      this.show();
    }
    if (this.again) {
      this.again = false;
      this.update();
    }
  }

  show() {
    const { known, shownKey } = this;
    this.body.hidden = shownKey === null;
    syncOne(this.body, `${shownKey} ${JSON.stringify(known)}`, () => known === null
      ? h("p", { class: "hint", text: "There is no explanation for this message (yet)." })
      : explanation(known));
  }

  focus() {
    this.heading.focus();
  }
}

function explanation(data) {
  const whole = isObject(data) ? data : { lines: [data] };
  const headline = HEADLINES.find((name) => whole[name] !== undefined);
  const rest = Object.entries(whole).filter(([name]) => name !== headline && name !== "lines");
  const single = rest.filter(([, value]) => typeof value !== "object" && !isEmpty(value));
  const compound = rest.filter(([, value]) => typeof value === "object");
  return h("div", { class: "explanation" },
    headline ? verdict(whole[headline]) : null,
    whole.lines === undefined ? null : lines(whole.lines),
    ...compound.map(([name, value]) => part(name, value)),
    single.length > 0 ? h("section", { class: "why-part" }, display(Object.fromEntries(single), 1)) : null,
    h("details", { class: "raw" }, h("summary", { text: "Everything, as JSON" }),
      h("pre", { tabindex: "0", text: JSON.stringify(data, null, 2) })));
}

function verdict(value) {
  const text = inOneLine(value);
  return h("p", { class: `verdict ${tone(text)}`, data: { testid: "why-verdict" }, text });
}

function part(name, value) {
  if (isEmpty(value)) return null;
  return h("section", { class: "why-part" }, h("h3", { text: readable(name) }), display(value, 1));
}

function display(value, depth) {
  if (Array.isArray(value)) {
    return value.every(isObject) ? table(value) : lines(value);
  }
  if (!isObject(value)) return h("p", { text: inOneLine(value) });
  const entries = Object.entries(value).filter(([, inner]) => !isEmpty(inner));
  return h("dl", {}, ...entries.flatMap(([name, inner]) => [
    h("dt", { text: readable(name) }),
    h("dd", {}, depth >= DEEPEST ? JSON.stringify(inner) : display(inner, depth + 1)),
  ]));
}

function lines(values) {
  const all = Array.isArray(values) ? values : [values];
  return h("ul", { class: "why-lines" }, ...all.map((line) => h("li", { dir: "auto", text: inOneLine(line) })));
}

function table(rows) {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  return h("div", { class: "table-scroll", tabindex: "0", role: "group", "aria-label": "Table" }, h("table", {},
    h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col", text: readable(name) })))),
    h("tbody", {}, ...rows.map((row) => h("tr", {},
      ...columns.map((name) => h("td", { dir: "auto", text: inOneLine(row[name]) })))))));
}

function inOneLine(value) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(3)));
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(inOneLine).join(", ");
  if (!isObject(value)) return String(value);
  return Object.entries(value).map(([name, inner]) => `${readable(name)}: ${inOneLine(inner)}`).join(" · ");
}

/** The colour behind a verdict; its words say the same, so nothing rests on colour alone. */
function tone(text) {
  if (/^(page|danger|urgent|emergency)/i.test(text)) return "tone-danger";
  return /^(may be|check|concern|clarify|fallback)/i.test(text) ? "tone-check" : "tone-calm";
}

function readable(name) {
  const words = name.replace(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isEmpty(value) {
  return value === null || value === undefined || value === ""
    || (typeof value === "object" && Object.values(value).every(isEmpty));
}
