// What each person has not seen yet. Only this page remembers it; Telegram tells bots nothing of it.

import { serviceText } from "./format.js";

/** Counts messages by person, chat and topic. */
export class Unread {
  constructor(app) {
    this.app = app;
    this.seen = new Map();
    this.started = false;
  }

  /** Take all that stands at the first snapshot as seen. */
  begin() {
    if (this.started) return;
    this.started = true;
    for (const person of this.app.state.people) {
      for (const chat of Object.values(this.app.state.chats)) {
        if (!chat.members.includes(person.id)) continue;
        const rooms = new Set(chat.messages.map((message) => roomOf(message, chat)));
        for (const room of rooms) this.markSeen(person.id, chat, messagesIn(chat, room), room);
      }
    }
  }

  markSeen(viewer, chat, messages, room = "general") {
    const last = messages.at(-1)?.message_id ?? 0;
    this.seen.set(`${viewer} ${chat.id} ${room}`, last);
  }

  count(viewer, chat, messages, room = "general") {
    const seen = this.seen.get(`${viewer} ${chat.id} ${room}`) ?? 0;
    return messages.filter((message) => message.message_id > seen
      && message.from?.id !== viewer && !serviceText(message)).length;
  }

  /** Count the unread messages of a person's private chat. */
  inPrivate(person) {
    const chat = this.app.state.chats[String(person)];
    return chat ? this.count(person, chat, chat.messages) : 0;
  }

  /** Count the unread messages of a worker: in all rooms of a group and in their private chat. */
  ofWorker(worker, chat) {
    const rooms = new Map();
    for (const message of chat?.messages ?? []) {
      const room = roomOf(message, chat);
      rooms.set(room, [...(rooms.get(room) ?? []), message]);
    }
    let total = this.inPrivate(worker);
    for (const [room, messages] of rooms) total += this.count(worker, chat, messages, room);
    return total;
  }
}

/** Return the topic that a message is in: its number as text, or "general". */
export function roomOf(message, chat) {
  const inTopic = chat.is_forum && message.is_topic_message && message.message_thread_id;
  return inTopic ? String(message.message_thread_id) : "general";
}

/** Return the messages of one topic. */
export function messagesIn(chat, room) {
  return chat.messages.filter((message) => roomOf(message, chat) === room);
}
