// A scrolling conversation that keeps its place, and the handlers that all conversations share.

import { button, h, syncList } from "./dom.js";
import { icon } from "./icons.js";
import { buildRow, rowKey, rowSignature, rowsOf } from "./message.js";

const NEAR_BOTTOM_PX = 60;

/** A conversation; `update(messages, view, key)` shows it, `key` names whose it is. */
export class Thread {
  constructor(label) {
    this.list = h("ol", { class: "messages" });
    this.scroller = h("div", {
      class: "scroller", tabindex: "0", role: "log", "aria-live": "polite",
      "aria-relevant": "additions", "aria-label": label,
    }, this.list);
    this.down = button(icon("down"), () => this.toBottom(),
      { class: "to-bottom", "aria-label": "Newest messages", hidden: true });
    this.element = h("div", { class: "thread" }, this.scroller, this.down);
    this.places = new Map();
    this.shown = null;
    this.newest = 0;
    this.stick = true;
    this.height = 0;
    this.scroller.addEventListener("scroll", () => this.scrolled());
    // A pane that grows or shrinks (keyboard, window) must not lose the newest message.
    new ResizeObserver(() => {
      this.height = this.scroller.clientHeight;
      if (this.stick) this.toBottom();
    }).observe(this.scroller);
  }

  scrolled() {
    const { scroller } = this;
    // A scroll event that comes of a change of height says nothing about what the reader wants.
    if (scroller.clientHeight !== this.height) return;
    this.stick = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_BOTTOM_PX;
    if (this.stick) this.down.hidden = true;
  }

  toBottom() {
    this.stick = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.down.hidden = true;
  }

  update(messages, view, key) {
    const switched = key !== this.shown;
    if (switched && this.shown !== null) this.places.set(this.shown, this.stick ? null : this.scroller.scrollTop);
    const last = messages.at(-1);
    const isNew = !switched && (last?.message_id ?? 0) > this.newest;
    const before = this.scroller.scrollTop;
    // Only what is new is read out, not a whole conversation that somebody turns to.
    this.scroller.setAttribute("aria-live", switched ? "off" : "polite");
    syncList(this.list, rowsOf(messages), {
      key: rowKey,
      signature: (row) => rowSignature(row, view),
      build: (row) => buildRow(row, view),
    });
    this.newest = last?.message_id ?? 0;
    this.shown = key;
    if (switched) this.returnTo(this.places.get(key) ?? null);
    else if (this.stick || (isNew && last.from?.id === view.viewer)) this.toBottom();
    else this.stay(before, isNew);
  }

  returnTo(place) {
    this.toBottom();
    if (place === null) return;
    this.stick = false;
    this.scroller.scrollTop = place;
  }

  stay(place, isNew) {
    this.scroller.scrollTop = place;
    if (isNew) this.down.hidden = false;
  }
}

/** Return the part of a view that is the same for everybody: who looks, and what a tap does. */
export function baseView(app, viewer, composer) {
  const { ui } = app;
  const target = (message) => ({ chat_id: message.chat.id, message_id: message.message_id });
  return {
    viewer,
    reactions: app.state.reactions ?? {},
    open: ui.openActions,
    nameOf: (id) => app.nameOf(id),
    onToggle: (key) => {
      if (!ui.openActions.delete(key)) ui.openActions.add(key);
      app.render();
    },
    onPress: (message, data) => app.act(viewer, "press", { ...target(message), data }),
    onReact: (message, emoji) => {
      ui.openActions.delete(rowKey({ message }));
      return app.act(viewer, "react", { ...target(message), emoji });
    },
    onDelete: (message) => app.act(viewer, "delete", target(message)),
    onEdit: (message) => {
      ui.openActions.delete(rowKey({ message }));
      composer.start("edit", message);
      app.render();
    },
    onReply: (message) => composer.start("reply", message),
    onCopy: (text) => app.copy(text),
  };
}
