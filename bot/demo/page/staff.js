// The right side: the staff group with its topics, as one of the workers sees it.

import { Composer } from "./composer.js";
import { button, h, syncList, syncOne } from "./dom.js";
import { preview, senderName, serviceText } from "./format.js";
import { badge, PeopleSwitch } from "./people.js";
import { pinnedBar } from "./phone.js";
import { baseView, Thread } from "./thread.js";
import { messagesIn } from "./unread.js";

const DIRECT = "direct";

/** The staff's pane; `update()` brings it to the app's present state. */
export class Staff {
  constructor(root, app) {
    this.app = app;
    this.people = new PeopleSwitch({
      app, label: "Which worker are you?", prefix: "worker", role: "worker",
      onSelect: (id) => this.chooseWorker(id),
      onAdded: (id) => this.welcomeWorker(id),
    });
    this.thread = new Thread("Staff conversation");
    this.composer = new Composer({
      app, name: "staff", label: "Message to the staff group",
      target: () => this.target(),
      commands: () => app.state.bot.commands?.[this.room.key === DIRECT ? "private" : "staff"] ?? [],
    });
    this.head = h("div", { class: "group-slot" });
    this.rooms = h("div", { class: "rooms", role: "group", "aria-label": "Topics" });
    this.newTopic = this.makeNewTopic();
    this.empty = h("p", {
      class: "empty-room",
      text: "Nothing here yet. When somebody may be in danger, a card appears in the group.",
    });
    this.roomHead = h("div", { class: "room-slot" });
    this.pinned = h("div", { class: "pinned-slot" });
    root.append(h("div", { class: "pane-inside" },
      h("div", { class: "pane-head" }, h("h2", { text: "The staff group" }), this.people.element),
      h("div", { class: "group-frame" }, this.head,
        h("div", { class: "group-body" },
          h("div", { class: "room-list" }, this.rooms, this.newTopic),
          h("div", { class: "room" }, this.roomHead, this.pinned,
            h("div", { class: "wallpaper" }, this.empty, this.thread.element), this.composer.element)))));
  }

  get id() {
    return this.app.ui.worker;
  }

  /** The group that is shown: the chosen one, else the first that the worker is in. */
  get group() {
    const groups = this.groups();
    return groups.find((chat) => chat.id === this.app.ui.group) ?? groups[0] ?? null;
  }

  groups() {
    return Object.values(this.app.state.chats)
      .filter((chat) => chat.type !== "private" && chat.members.includes(this.id));
  }

  /** All that the worker can open, the liveliest topics first. */
  roomList() {
    const { app, group } = this;
    const rooms = [];
    if (group) {
      const name = group.is_forum ? "General" : "Messages";
      rooms.push({ key: "general", name, chat: group, messages: messagesIn(group, "general"), threadId: null });
      const topics = group.topics.map((topic) => ({
        key: String(topic.message_thread_id), name: topic.name, chat: group, closed: topic.closed,
        threadId: topic.message_thread_id, messages: messagesIn(group, String(topic.message_thread_id)),
      }));
      const lastId = (room) => room.messages.at(-1)?.message_id ?? 0;
      topics.sort((a, b) => Number(a.closed) - Number(b.closed) || lastId(b) - lastId(a));
      rooms.push(...topics);
    }
    const own = app.state.chats[String(this.id)];
    if (own) rooms.push({ key: DIRECT, name: "Bot (direct)", chat: own, messages: own.messages, threadId: null });
    return rooms;
  }

  get room() {
    const rooms = this.roomList();
    const nothing = { key: "none", name: "No group", chat: { id: 0, members: [] }, messages: [], threadId: null };
    return rooms.find((room) => room.key === this.app.ui.rooms.get(this.id)) ?? rooms[0] ?? nothing;
  }

  target() {
    const room = this.room;
    const key = `staff ${this.id} ${room.chat.id} ${room.key}`;
    return { as: this.id, chatId: room.chat.id, threadId: room.threadId, key };
  }

  chooseWorker(id) {
    this.app.ui.worker = id;
    this.app.render();
  }

  async welcomeWorker(id) {
    const group = this.group;
    if (group) await this.app.act(id, "join", { chat_id: group.id });
    this.chooseWorker(id);
  }

  chooseRoom(key) {
    this.app.ui.rooms.set(this.id, key);
    this.app.render();
  }

  update() {
    const { app } = this;
    if (!app.state.people.some((one) => one.id === this.id)) return;
    const room = this.room;
    if (app.isShown("staff")) app.unread.markSeen(this.id, room.chat, room.messages, this.unreadKey(room));
    this.people.update(app.workers(), this.id, (one) => app.unread.ofWorker(one.id, this.group));
    this.updateHead();
    this.updateRooms(room);
    this.updateRoomHead(room);
    this.thread.update(room.messages, this.view(), this.target().key);
    this.empty.hidden = room.messages.length > 0;
    this.composer.element.hidden = room.key === "none";
    this.composer.update();
  }

  unreadKey(room) {
    return room.key === DIRECT ? "general" : room.key;
  }

  view() {
    const { app } = this;
    const room = this.room;
    return {
      ...baseView(app, this.id, this.composer),
      showNames: true,
      onCommand: (words) => app.act(this.id, "send_text", {
        chat_id: room.chat.id, text: words, ...(room.threadId ? { message_thread_id: room.threadId } : {}),
      }),
    };
  }

  updateHead() {
    const { app, group } = this;
    const groups = this.groups();
    const limit = app.state.limits?.[String(group?.id)];
    const sign = JSON.stringify([group?.id, group?.title, group?.members.length, group?.typing, limit, groups.length]);
    syncOne(this.head, sign, () => h("div", { class: "chat-header" },
      h("span", { class: "avatar group", "aria-hidden": "true", text: [...(group?.title ?? "–")][0] }),
      h("p", {},
        groups.length > 1 ? this.groupChoice(groups, group) : h("strong", { text: group?.title ?? "No group" }),
        group?.typing ? h("span", { class: "typing", text: "the bot is typing…" })
          : h("span", { class: "faint", text: `${group?.members.length ?? 0} people and the bot` })),
      limit ? limitMeter(limit) : null));
  }

  groupChoice(groups, chosen) {
    const choice = h("select", { "aria-label": "Group", data: { testid: "group-choice" } },
      ...groups.map((chat) => h("option",
        { value: chat.id, text: chat.title ?? String(chat.id), selected: chat === chosen })));
    choice.addEventListener("change", () => {
      this.app.ui.group = Number(choice.value);
      this.app.render();
    });
    return choice;
  }

  updateRooms(chosen) {
    const rows = this.roomList().map((room) => ({
      room, on: room.key === chosen.key,
      count: this.app.unread.count(this.id, room.chat, room.messages, this.unreadKey(room)),
      last: room.messages.at(-1),
    }));
    syncList(this.rooms, rows, {
      key: ({ room }) => `${room.chat.id} ${room.key}`,
      signature: ({ room, on, count, last }) => JSON.stringify([room.name, room.closed, on, count, last]),
      build: (row) => this.roomButton(row),
    });
    this.newTopic.hidden = !this.group?.is_forum;
  }

  roomButton({ room, on, count, last }) {
    return h("button", {
      type: "button", class: room.closed ? "room-button closed" : "room-button", "aria-pressed": String(on),
      data: { testid: `topic-${room.key}` }, on: { click: () => this.chooseRoom(room.key) },
    },
    h("span", { class: "room-name" }, h("strong", { dir: "auto", text: room.name }),
      room.closed ? h("span", { class: "tag", text: "closed" }) : null),
    h("span", { class: "room-last", dir: "auto", text: lastLine(last) }),
    count > 0 ? h("span", { class: "unseen", text: `${count} unread` }) : null,
    badge(count));
  }

  updateRoomHead(room) {
    const sign = JSON.stringify([this.id, room.chat.id, room.key, room.name, room.closed]);
    syncOne(this.roomHead, sign, () => h("div", { class: "room-head" },
      h("h3", { dir: "auto", text: room.name, title: room.name }),
      room.threadId ? this.closeButton(room) : null));
    const last = (room.chat.pinned ?? []).filter((id) => room.messages.some((one) => one.message_id === id)).at(-1);
    const pinned = room.messages.find((message) => message.message_id === last);
    syncOne(this.pinned, pinned ? JSON.stringify(pinned) : "", () => pinnedBar(pinned));
  }

  closeButton(room) {
    return button(room.closed ? "Reopen topic" : "Close topic",
      () => this.app.act(this.id, room.closed ? "reopen_topic" : "close_topic",
        { chat_id: room.chat.id, message_thread_id: room.threadId }),
      { class: "quiet", data: { testid: "topic-toggle" } });
  }

  makeNewTopic() {
    const field = h("input", {
      type: "text", maxlength: "128", required: true, placeholder: "New topic",
      "aria-label": "Name of a new topic", data: { testid: "new-topic" },
    });
    return h("form", {
      class: "new-topic",
      on: {
        submit: async (event) => {
          event.preventDefault();
          const name = field.value.trim();
          if (!name) return;
          field.value = "";
          const done = await this.app.act(this.id, "create_topic", { chat_id: this.group.id, name });
          if (done.ok) this.chooseRoom(String(done.result.message_thread_id));
        },
      },
    }, field, h("button", { type: "submit", "aria-label": "Create the topic" }, "+"));
  }

  forget() {
    this.composer.forget();
  }
}

function lastLine(message) {
  if (!message) return "Nothing yet";
  return serviceText(message) ?? `${senderName(message)}: ${preview(message)}`;
}

function limitMeter({ used, of, window_s: seconds }) {
  const when = seconds === 60 ? "this minute" : `in ${seconds} s`;
  return h("div", {
    class: "limit", data: { testid: "limit" },
    title: "Telegram lets a bot send 20 messages a minute to a group",
  },
  h("span", { text: `${used} of ${of} messages ${when}` }),
  h("meter", {
    min: 0, max: of, high: Math.ceil(of * 0.75), value: used,
    "aria-label": "The bot's messages in this group",
  }));
}
