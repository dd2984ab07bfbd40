// Answers to button presses, and errors, as short notes at the bottom of the page.

import { button, h } from "./dom.js";

const SHOWN_MS = 6000;

/** Make the corner in which notes appear; `show(text, {who, stays, error})`. */
export function createToasts(root) {
  let last = null;

  function show(text, { who = null, stays = false, error = false } = {}) {
    const note = h("div", {
      class: error ? "toast toast-error" : "toast",
      role: stays || error ? "alert" : "status",
      data: { testid: "toast", alert: stays ? "true" : null },
    }, h("p", {}, who ? h("strong", { text: `${who} sees: ` }) : null, text));
    const close = () => note.remove();
    note.append(button(stays ? "OK" : "Close", close, { class: "quiet" }));
    root.append(note);
    if (!stays) setTimeout(close, SHOWN_MS);
  }

  /** Show what the bot answered since the last snapshot. */
  function update(state) {
    const answers = state.answers ?? [];
    const newest = answers.reduce((most, answer) => Math.max(most, answer.n ?? 0), 0);
    // The first snapshot's answers are old; after a reset the numbers start again.
    if (last === null) last = newest;
    if (newest < last) last = 0;
    for (const answer of answers.filter((one) => (one.n ?? 0) > last && one.text)) {
      const person = state.people.find((one) => one.id === answer.user);
      show(answer.text, { who: person?.first_name ?? "Somebody", stays: answer.show_alert });
    }
    last = newest;
  }

  return { show, update };
}
