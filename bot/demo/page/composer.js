// Where a message is written: text, reply and edit, commands, stand-ins for media.

import { button, h, syncList, syncOne } from "./dom.js";
import { MEDIA_NAMES, preview, senderName } from "./format.js";
import { icon } from "./icons.js";

const LONGEST_TEXT = 4096; // UTF-16 units, as Telegram counts
const COUNT_FROM = 3600;
const KINDS = ["photo", "voice", "video", "video_note", "sticker", "document", "contact", "poll", "animation"];
const WITH_CAPTION = new Set(["photo", "voice", "video", "document", "animation"]);

/**
 * A composer. `target()` gives {as, chatId, threadId, key}; `commands()` the bot's commands;
 * `onLocation`, if given, opens the chooser of places; drafts are kept by the target's key.
 */
export class Composer {
  constructor({ app, name, label, target, commands, onLocation = null }) {
    Object.assign(this, { app, name, target, commands, onLocation });
    this.drafts = new Map();
    this.contexts = new Map();
    this.key = null;
    this.panel = null;
    this.input = h("textarea", {
      class: "input", rows: "1", dir: "auto", "aria-label": label, placeholder: "Message",
      autocomplete: "off", data: { testid: `${name}-input` },
    });
    this.context = h("div", { class: "context-slot" });
    this.drawer = h("div", { class: "drawer-slot" });
    this.count = h("p", { class: "count", role: "status" });
    this.toggles = {
      commands: this.toggle("commands", "slash", "Commands of the bot"),
      attach: this.toggle("attach", "attach", "Send something else"),
    };
    this.send = button(icon("send"), () => this.submit(), {
      class: "send", "aria-label": "Send", data: { testid: `${name}-send` },
    });
    this.extra = h("span", { class: "extra" });
    this.element = h("div", { class: "composer" }, this.context, this.drawer,
      h("div", { class: "compose-row" }, this.toggles.commands, this.toggles.attach, this.input, this.extra, this.send),
      this.count);
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => {
      this.fit();
      this.showPanels();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.submit();
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.escape();
    });
  }

  /** Close what is open, the panel first; the focus goes back to where it was opened. */
  escape() {
    if (this.panel) {
      this.toggles[this.panel].focus();
      this.setPanel(null);
    } else {
      this.cancel();
    }
  }

  toggle(which, glyph, words) {
    return button(icon(glyph), () => this.setPanel(this.panel === which ? null : which), {
      class: "tool", "aria-label": words, title: words, "aria-expanded": "false",
      data: { testid: `${this.name}-${which}` },
    });
  }

  setPanel(which) {
    this.panel = which;
    this.showPanels();
  }

  showPanels() {
    const typed = /^\/\w*$/.test(this.input.value) ? this.input.value.slice(1) : null;
    const shown = typed !== null ? "commands" : this.panel;
    for (const [which, node] of Object.entries(this.toggles)) {
      node.setAttribute("aria-expanded", String(shown === which));
    }
    const items = shown === "attach" ? this.attachments() : shown === "commands" ? this.commandItems(typed ?? "") : [];
    this.drawer.className = `drawer-slot ${shown === "attach" ? "drawer-grid" : "drawer-list"}`;
    this.drawer.hidden = items.length === 0;
    syncList(this.drawer, items, { key: (one) => one.key, signature: (one) => one.sign, build: (one) => one.build() });
  }

  commandItems(typed) {
    const known = this.commands().filter(({ command }) => command.startsWith(typed.toLowerCase()));
    if (known.length === 0 && this.panel === "commands") {
      const build = () => h("p", { class: "hint", text: "The bot has set no commands here." });
      return [{ key: "none", sign: "", build }];
    }
    return known.map(({ command, description }) => ({
      key: command,
      sign: description,
      build: () => button(h("span", {}, h("strong", { text: `/${command}` }), ` ${description}`),
        () => this.sendCommand(`/${command}`),
        { class: "command", data: { testid: `${this.name}-command-${command}` } }),
    }));
  }

  attachments() {
    const item = (kind, act) => ({
      key: kind,
      sign: kind,
      build: () => button(MEDIA_NAMES[kind], act,
        { class: "attachment", data: { testid: `${this.name}-attach-${kind}` } }),
    });
    const items = KINDS.map((kind) => item(kind, () => this.sendMedia(kind)));
    if (!this.onLocation) return items;
    return [...items, item("location", () => {
      this.setPanel(null);
      this.onLocation();
    })];
  }

  /** Where a message goes, and what it replies to. */
  fields(to) {
    const open = this.contexts.get(to.key);
    const given = { chat_id: to.chatId };
    if (to.threadId) given.message_thread_id = to.threadId;
    if (open?.mode === "reply") given.reply_to_message_id = open.message.message_id;
    return given;
  }

  async sendCommand(words) {
    const to = this.target();
    const given = this.fields(to);
    this.empty(to.key);
    await this.app.act(to.as, "send_text", { ...given, text: words });
  }

  async sendMedia(kind) {
    const to = this.target();
    const caption = WITH_CAPTION.has(kind) ? this.input.value.trim() : "";
    const given = { ...this.fields(to), kind, ...(caption ? { caption } : {}) };
    const draft = caption ? "" : this.input.value;
    this.empty(to.key, draft);
    await this.app.act(to.as, "send_media", given);
  }

  async submit() {
    const text = this.input.value;
    if (!text.trim() || text.length > LONGEST_TEXT) return;
    const to = this.target();
    const open = this.contexts.get(to.key);
    const given = this.fields(to);
    this.empty(to.key);
    const done = open?.mode === "edit"
      ? await this.app.act(to.as, "edit_text", { chat_id: to.chatId, message_id: open.message.message_id, text })
      : await this.app.act(to.as, "send_text", { ...given, text });
    // What could not be sent comes back, so that nobody has to write it again.
    if (!done.ok && this.key === to.key && !this.input.value) this.write(text);
  }

  /** Begin a reply to a message or the edit of one; `mode` is "reply" or "edit". */
  start(mode, message) {
    this.contexts.set(this.target().key, { mode, message });
    if (mode === "edit") this.write(message.text ?? "");
    this.showContext();
    this.input.focus();
  }

  cancel() {
    if (this.contexts.get(this.key)?.mode === "edit") this.write("");
    this.contexts.delete(this.key);
    this.showContext();
  }

  /** Leave the composer as after sending. */
  empty(key, draft = "") {
    this.panel = null;
    this.contexts.delete(key);
    this.write(draft);
    this.showPanels();
    this.showContext();
    this.input.focus();
  }

  write(text) {
    this.input.value = text;
    this.fit();
  }

  showContext() {
    const open = this.contexts.get(this.key);
    if (!open) {
      this.context.replaceChildren();
      return;
    }
    const title = open.mode === "edit" ? "Editing your message" : `Replying to ${senderName(open.message)}`;
    syncOne(this.context, `${open.mode} ${open.message.message_id}`, () => h("div", { class: "context" },
      h("p", {}, h("strong", { text: title }), h("span", { text: preview(open.message) })),
      button(icon("close"), () => {
        this.cancel();
        this.input.focus();
      }, { class: "tool", "aria-label": "Cancel" })));
  }

  /** Make the field as high as its text, and say when the text is too long. */
  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
    const length = this.input.value.length;
    this.send.disabled = length > LONGEST_TEXT;
    const words = length < COUNT_FROM ? "" : `${length} of ${LONGEST_TEXT}`;
    this.count.textContent = length > LONGEST_TEXT ? `${words}: too long for one Telegram message` : words;
  }

  /** Bring the composer to whatever `target()` says now. */
  update() {
    const now = this.target();
    if (now.key !== this.key) {
      if (this.key !== null) this.drafts.set(this.key, this.input.value);
      this.key = now.key;
      this.panel = null;
      this.write(this.drafts.get(now.key) ?? "");
      this.showContext();
    }
    this.showPanels();
  }

  /** Drop all drafts, as a reset does. */
  forget() {
    this.drafts.clear();
    this.contexts.clear();
    this.write("");
    this.showContext();
  }
}
