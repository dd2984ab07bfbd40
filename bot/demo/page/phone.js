// The left side: a young person's phone with the private chat.

import { Composer } from "./composer.js";
import { button, h, syncList, syncOne } from "./dom.js";
import { clock, preview } from "./format.js";
import { icon } from "./icons.js";
import { PeopleSwitch } from "./people.js";
import { choosePlace } from "./places.js";
import { baseView, Thread } from "./thread.js";

const POSTERS = ["Lambeth", "Southwark", "Newham", "Haringey", "Brent", "Croydon"];

/** The phone's pane; `update()` brings it to the app's present state. */
export class Phone {
  constructor(root, app) {
    this.app = app;
    this.hiddenKeyboards = new Set();
    this.people = new PeopleSwitch({
      app, label: "Which young person are you?", prefix: "person", role: "young",
      onSelect: (id) => this.choose(id), onAdded: (id) => this.choose(id),
    });
    this.thread = new Thread("Chat with the bot");
    this.composer = new Composer({
      app, name: "phone", label: "Message to the bot",
      target: () => ({ as: this.id, chatId: this.id, threadId: null, key: `phone ${this.id}` }),
      commands: () => app.state.bot.commands?.private ?? [],
      onLocation: () => this.shareLocation(),
    });
    this.slots = Object.fromEntries(["tools", "status", "header", "pinned", "welcome", "blocked", "keys"]
      .map((name) => [name, h("div", { class: `${name}-slot` })]));
    this.slots.keys.dataset.testid = "reply-keyboard";
    root.append(this.layout());
  }

  layout() {
    const { status, header, pinned, welcome, blocked, keys, tools } = this.slots;
    return h("div", { class: "pane-inside" },
      h("div", { class: "pane-head" }, h("h2", { text: "A young person's phone" }), this.people.element, tools),
      h("div", { class: "phone-frame" }, status, header, pinned,
        h("div", { class: "wallpaper" }, welcome, this.thread.element),
        blocked, this.composer.element, keys));
  }

  get id() {
    return this.app.ui.person;
  }

  get chat() {
    return this.app.state.chats[String(this.id)] ?? { id: this.id, messages: [], reply_keyboard: null };
  }

  choose(id) {
    this.app.ui.person = id;
    this.app.ui.why = null;
    this.app.render();
  }

  update() {
    const { app } = this;
    const person = app.state.people.find((one) => one.id === this.id);
    if (!person) return;
    if (app.isShown("phone")) app.unread.markSeen(this.id, this.chat, this.chat.messages);
    this.people.update(app.young(), this.id, (one) => app.unread.inPrivate(one.id));
    this.updateTools(person);
    this.updateHead();
    this.updateWelcome();
    this.updateBottom(person);
    this.thread.update(this.chat.messages, this.view(), `phone ${this.id}`);
  }

  view() {
    const { app } = this;
    return {
      ...baseView(app, this.id, this.composer),
      showNames: false,
      explained: new Set(app.state.why ?? []),
      chosenWhy: app.why?.shownKey ?? null,
      onWhy: (message) => app.openWhy(message),
      onCommand: (words) => app.act(this.id, "send_text", { chat_id: this.id, text: words }),
    };
  }

  updateTools(person) {
    syncOne(this.slots.tools, JSON.stringify([person.id, person.blocked]), () => {
      const choice = h("select", { "aria-label": "Poster's borough", data: { testid: "poster" } },
        ...POSTERS.map((name) => h("option", { value: name.toLowerCase(), text: name })));
      const scan = button("Scan a poster: Lambeth", () => this.scan(choice.value), { data: { testid: "scan" } });
      choice.addEventListener("change", () => {
        scan.textContent = `Scan a poster: ${choice.selectedOptions[0].textContent}`;
      });
      return h("div", { class: "sim-tools" },
        h("span", { class: "split" }, scan, h("span", { class: "split-choice" }, choice)),
        button(person.blocked ? "Unblock the bot" : "Block the bot",
          () => this.app.act(person.id, person.blocked ? "unblock" : "block"),
          { class: "quiet", data: { testid: "block" } }));
    });
  }

  scan(payload) {
    return this.app.act(this.id, "start", { payload });
  }

  updateHead() {
    const { app, chat } = this;
    const time = clock(Date.parse(app.state.now) / 1000);
    const buzzed = chat.notifications ?? 0;
    syncOne(this.slots.status, `${time} ${buzzed}`, () => h("div", { class: "status-bar" },
      h("span", { text: time }),
      h("span", { title: "How often this phone has buzzed", data: { testid: "notifications" } },
        icon("bell"), h("span", { class: "unseen", text: "Notifications: " }), String(buzzed))));
    syncOne(this.slots.header, `${app.state.bot.first_name} ${chat.typing}`, () => h("div", { class: "chat-header" },
      h("span", { class: "avatar", "aria-hidden": "true", text: [...app.state.bot.first_name][0] }),
      h("p", {}, h("strong", { text: app.state.bot.first_name }),
        h("span", { class: chat.typing ? "typing" : "faint", role: "status", text: chat.typing ? "typing…" : "bot" }))));
    const pinned = chat.messages.find((message) => message.message_id === (chat.pinned ?? []).at(-1));
    syncOne(this.slots.pinned, pinned ? JSON.stringify(pinned) : "", () => pinnedBar(pinned));
  }

  updateWelcome() {
    const { app, chat } = this;
    const empty = chat.messages.length === 0;
    this.slots.welcome.hidden = !empty;
    syncOne(this.slots.welcome, `${empty} ${app.state.bot.description} ${this.id}`, () => h("div", { class: "welcome" },
      h("strong", { text: "What can this bot do?" }),
      h("p", { text: app.state.bot.description || "Write to the bot, or press Start." }),
      button("Start", () => app.act(this.id, "start", {}), { class: "primary", data: { testid: "start" } })));
  }

  updateBottom(person) {
    const { blocked, keys } = this.slots;
    blocked.hidden = !person.blocked;
    syncOne(blocked, String(person.blocked), () => h("p", { class: "blocked-note" },
      `${person.first_name} has blocked the bot: nothing it sends arrives. `,
      button("Unblock", () => this.app.act(person.id, "unblock"), { class: "quiet" })));
    this.composer.element.hidden = person.blocked;
    this.composer.update();
    const given = person.blocked ? null : this.chat.reply_keyboard;
    const sign = JSON.stringify([this.id, given, this.chat.reply_keyboard_message_id]);
    const shown = Boolean(given?.keyboard?.length) && !this.hiddenKeyboards.has(sign);
    this.updateKeyboardToggle(given, sign, shown);
    this.composer.input.placeholder = given?.input_field_placeholder ?? "Message";
    keys.hidden = !shown;
    if (shown) syncOne(keys, sign, () => this.replyKeyboard(given, sign));
  }

  updateKeyboardToggle(given, sign, shown) {
    const there = Boolean(given?.keyboard?.length);
    const items = there ? [{ shown }] : [];
    syncList(this.composer.extra, items, {
      key: () => "keyboard",
      signature: () => `${sign} ${shown}`,
      build: () => button(icon("keyboard"), () => {
        if (!this.hiddenKeyboards.delete(sign)) this.hiddenKeyboards.add(sign);
        this.app.render();
      }, { class: "tool", "aria-label": "The bot's buttons", "aria-expanded": String(shown) }),
    });
  }

  replyKeyboard(given, sign) {
    return h("div", { class: "reply-keyboard", role: "group", "aria-label": "The bot's buttons" },
      ...given.keyboard.map((row) => h("div", { class: "inline-row" }, ...row.map((key) => {
        const label = typeof key === "string" ? key : key.text;
        const style = ["danger", "success", "primary"].includes(key.style) ? key.style : "";
        return button(label, () => this.pressKey(key, label, given.one_time_keyboard ? sign : null),
          { class: `key ${style}`.trim(), data: { key: null, action: `key:${label}` } });
      }))));
  }

  pressKey(key, label, hide) {
    if (hide) this.hiddenKeyboards.add(hide);
    if (key.request_location) return this.shareLocation();
    if (key.request_contact) return this.app.act(this.id, "send_media", { chat_id: this.id, kind: "contact" });
    return this.app.act(this.id, "send_text", { chat_id: this.id, text: label });
  }

  shareLocation() {
    const as = this.id;
    choosePlace((place) => this.app.act(as, "share_location", { chat_id: as, ...place }));
  }

  forget() {
    this.composer.forget();
    this.hiddenKeyboards.clear();
  }
}

/** Return the bar of a pinned message; empty when nothing is pinned. */
export function pinnedBar(message) {
  if (!message) return h("span", { hidden: true });
  return h("p", { class: "pinned", data: { testid: "pinned" } }, icon("pin"),
    h("span", {}, h("strong", { text: "Pinned " }), h("span", { dir: "auto", text: preview(message) })));
}
