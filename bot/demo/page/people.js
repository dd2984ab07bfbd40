// The row of people one can be, and the small form that adds another.

import { button, h, syncList } from "./dom.js";

/** The switch between people: `prefix` makes the test ids, `role` is what a new one becomes. */
export class PeopleSwitch {
  constructor({ app, label, prefix, role, onSelect, onAdded }) {
    Object.assign(this, { app, prefix, role, onSelect, onAdded });
    this.list = h("div", { class: "people", role: "group", "aria-label": label });
    this.opener = button("+ Add", () => this.toggleForm(), {
      class: "person add", "aria-expanded": "false",
      "aria-label": `Add a ${role === "young" ? "young person" : "worker"}`,
      data: { testid: `${prefix}-add` },
    });
    this.form = this.makeForm();
    this.element = h("div", { class: "people-bar" },
      h("div", { class: "people-row" }, this.list, this.opener), this.form);
  }

  /** Show `people` with the chosen one marked; `unread(person)` gives the number on the badge. */
  update(people, chosen, unread) {
    const rows = people.map((person) => ({ person, count: unread(person), on: person.id === chosen }));
    syncList(this.list, rows, {
      key: (row) => row.person.id,
      signature: (row) => JSON.stringify([row.person, row.count, row.on]),
      build: (row) => this.tab(row),
    });
  }

  tab({ person, count, on }) {
    const words = count > 0 ? `${person.first_name}, ${count} unread` : null;
    const node = button(h("span", { class: "person-name", text: person.first_name }), () => this.onSelect(person.id), {
      class: "person", "aria-pressed": String(on), "aria-label": words, title: person.first_name,
      data: { testid: `${this.prefix}-tab-${person.id}` },
    });
    node.append(badge(count));
    return node;
  }

  makeForm() {
    const field = h("input", {
      type: "text", maxlength: "64", required: true, autocomplete: "off",
      data: { testid: `${this.prefix}-add-name` },
    });
    return h("form", {
      class: "add-form", hidden: true,
      on: {
        submit: (event) => {
          event.preventDefault();
          this.add(field.value.trim());
          field.value = "";
        },
      },
    }, h("label", { class: "field" }, h("span", { text: "First name" }), field),
    h("button", { type: "submit" }, "Add"));
  }

  toggleForm(open = this.form.hidden) {
    this.form.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
    if (open) this.form.querySelector("input").focus();
    else this.opener.focus();
  }

  async add(name) {
    if (!name) return;
    const somebody = this.app.state.people[0]?.id ?? 0;
    const done = await this.app.act(somebody, "add_person", { first_name: name, role: this.role });
    if (!done.ok) return;
    this.toggleForm(false);
    await this.onAdded(done.result.id);
  }
}

/** Return the number of unread messages as a badge; an empty element when there is none. */
export function badge(count) {
  return count > 0
    ? h("span", { class: "badge", text: count > 99 ? "99+" : String(count), "aria-hidden": "true" })
    : h("span", { class: "badge none", "aria-hidden": "true" });
}
