// The page's start: ties the panes to the state, and keeps them up to date.

import { fetchState, listen, postAct } from "./api.js";
import { button, syncList } from "./dom.js";
import { badge } from "./people.js";
import { Phone } from "./phone.js";
import { Staff } from "./staff.js";
import { createToasts } from "./toast.js";
import { Unread } from "./unread.js";
import { Why } from "./why.js";

const PANES = [["phone", "Phone"], ["staff", "Staff"], ["why", "Why"]];
const NARROW = "(max-width: 819px)";
const CLOCK_MS = 2500; // typing and the limit end without an event
const LONGEST_QUIET_MS = 20_000; // and the phone shows the time

/** The page: the last snapshot, what is chosen on it, and the panes that show it. */
class App {
  constructor() {
    this.state = null;
    this.ui = {
      person: null, worker: null, group: null, rooms: new Map(), why: null, pane: "phone",
      openActions: new Set(),
    };
    this.narrow = matchMedia(NARROW);
    this.toasts = createToasts(document.getElementById("toasts"));
    this.unread = new Unread(this);
    this.loading = false;
    this.wanted = false;
    this.takenAt = 0;
  }

  async start() {
    await this.refresh();
    document.getElementById("reset").addEventListener("click", () => this.reset());
    this.narrow.addEventListener("change", () => this.render());
    listen((version) => {
      if (version === null || version !== this.state?.version) this.refresh();
    }, (up) => this.showLine(up));
    setInterval(() => {
      if (this.changesByItself()) this.refresh();
    }, CLOCK_MS);
  }

  /** Fetch the state and show it; wishes that come meanwhile become one more fetch. */
  async refresh() {
    this.wanted = true;
    if (this.loading) return;
    this.loading = true;
    try {
      while (this.wanted) {
        this.wanted = false;
        this.take(await fetchState());
      }
    } catch {
      this.showLine(false);
    } finally {
      this.loading = false;
    }
  }

  take(state) {
    // A lower version is another run of the demo: what was seen in the last one means nothing.
    if (state.version < (this.state?.version ?? 0)) this.unread = new Unread(this);
    this.state = state;
    this.takenAt = performance.now();
    const present = (list, id) => list.some((person) => person.id === id);
    if (!present(this.young(), this.ui.person)) this.ui.person = this.young()[0]?.id ?? null;
    if (!present(this.workers(), this.ui.worker)) this.ui.worker = this.workers()[0]?.id ?? null;
    this.unread.begin();
    if (!this.phone) this.makePanes();
    this.toasts.update(state);
    this.render();
  }

  makePanes() {
    this.why = new Why(document.getElementById("why-pane"), this);
    this.phone = new Phone(document.getElementById("phone-pane"), this);
    this.staff = new Staff(document.getElementById("staff-pane"), this);
  }

  render() {
    if (!this.phone) return;
    document.getElementById("panes").dataset.pane = this.ui.pane;
    this.why.update();
    this.phone.update();
    this.staff.update();
    this.renderSwitch();
  }

  renderSwitch() {
    const total = (people, count) => people.reduce((sum, person) => sum + count(person), 0);
    const counts = {
      phone: total(this.young(), (person) => this.unread.inPrivate(person.id)),
      staff: this.unread.ofWorker(this.ui.worker, this.staff.group),
      why: 0,
    };
    syncList(document.getElementById("pane-switch"), PANES, {
      key: ([pane]) => pane,
      signature: ([pane]) => `${counts[pane]} ${this.ui.pane === pane}`,
      build: ([pane, label]) => {
        const node = button(label, () => this.showPane(pane), {
          class: "pane-tab", "aria-pressed": String(this.ui.pane === pane),
          "aria-label": counts[pane] ? `${label}, ${counts[pane]} unread` : null,
          data: { testid: `pane-${pane}` },
        });
        node.append(badge(counts[pane]));
        return node;
      },
    });
  }

  showPane(pane) {
    this.ui.pane = pane;
    this.render();
  }

  isShown(pane) {
    return !this.narrow.matches || this.ui.pane === pane;
  }

  young() {
    return this.state.people.filter((person) => person.role === "young");
  }

  workers() {
    return this.state.people.filter((person) => person.role !== "young");
  }

  nameOf(id) {
    const person = this.state.people.find((one) => one.id === id);
    return person?.first_name ?? (id === this.state.bot.id ? this.state.bot.first_name : String(id));
  }

  /** Do something as somebody; a refusal is shown. */
  async act(as, verb, fields = {}) {
    const answer = await postAct(as, verb, fields);
    if (!answer.ok) this.toasts.show(answer.error ?? "That was refused.", { error: true });
    await this.refresh();
    return answer;
  }

  openWhy(message) {
    this.ui.why = `${message.chat.id}:${message.message_id}`;
    this.ui.pane = "why";
    this.render();
    this.why.focus();
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toasts.show(`Copied: ${text}`);
    } catch {
      this.toasts.show(`Copy this yourself: ${text}`);
    }
  }

  async reset() {
    const answer = await this.act(this.ui.worker ?? 0, "reset");
    if (!answer.ok) return;
    this.ui.rooms.clear();
    this.ui.openActions.clear();
    this.ui.why = null;
    this.phone.forget();
    this.staff.forget();
    this.render();
    this.toasts.show("Started again: all conversations here are gone.");
  }

  changesByItself() {
    if (!this.state || document.hidden) return false;
    if (performance.now() - this.takenAt > LONGEST_QUIET_MS) return true;
    const used = Object.values(this.state.limits ?? {}).some((limit) => limit.used > 0);
    return used || Object.values(this.state.chats).some((chat) => chat.typing);
  }

  showLine(up) {
    const words = up ? "" : "Connection lost. Is the demo still running?";
    const place = document.getElementById("connection");
    if (place.textContent !== words) place.textContent = words;
  }
}

new App().start();
