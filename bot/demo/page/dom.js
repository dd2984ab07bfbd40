// Small helpers for making and updating elements. Text always goes in as text, never as markup.

const signatures = new WeakMap();

/** Make an element. `props`: class, text, data, on, and any attribute; null and false are left out. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  const { class: className, text, data, on, ...attributes } = props;
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = text;
  for (const [name, value] of Object.entries(data ?? {})) {
    if (value !== undefined && value !== null) node.dataset[name] = value;
  }
  for (const [name, listener] of Object.entries(on ?? {})) node.addEventListener(name, listener);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** Make a real button. */
export function button(label, onClick, props = {}) {
  return h("button", { type: "button", ...props, on: { click: onClick } }, label);
}

/**
 * Make the children of `parent` those of `items`, keeping every element whose signature is the same.
 * Focus stays where it was, also when its element was built anew or moved.
 */
export function syncList(parent, items, { key, signature, build }) {
  const restoreFocus = rememberFocus(parent);
  const present = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const wanted = new Set(items.map((item) => String(key(item))));
  for (const [name, node] of present) if (!wanted.has(name)) node.remove();
  let cursor = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let node = present.get(name);
    const sign = signature(item);
    if (!node || signatures.get(node) !== sign) {
      const fresh = build(item);
      fresh.dataset.key = name;
      signatures.set(fresh, sign);
      if (node) {
        if (cursor === node) cursor = fresh;
        node.replaceWith(fresh);
      }
      node = fresh;
    }
    if (cursor === node) cursor = node.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
  restoreFocus();
}

/** Replace the children of `parent` by one element if its signature changed. */
export function syncOne(parent, sign, build) {
  syncList(parent, [0], { key: () => "only", signature: () => sign, build });
}

/** Note where the focus is inside `parent`; the answer puts it back there if it got lost. */
function rememberFocus(parent) {
  const active = document.activeElement;
  if (!active || active === parent || !parent.contains(active)) return () => {};
  const row = active.closest("[data-key]")?.dataset.key;
  const name = focusName(active);
  return () => {
    if (document.activeElement === active) return;
    const target = active.isConnected ? active : findFocus(parent, row, name);
    target?.focus({ preventScroll: true });
  };
}

function focusName(node) {
  return node.dataset.testid ?? node.dataset.action ?? node.textContent;
}

function findFocus(parent, row, name) {
  const inRow = [...parent.children].find((node) => node.dataset.key === row);
  const candidates = inRow?.querySelectorAll("button, a[href], input, textarea") ?? [];
  return [...candidates].find((node) => focusName(node) === name) ?? candidates[0];
}
