// The demo's control API on this computer; nothing else is ever called.

/** Fetch the snapshot of everything. */
export async function fetchState() {
  const answer = await fetch("/demo/state", { cache: "no-store" });
  if (!answer.ok) throw new Error(`/demo/state answered ${answer.status}`);
  return answer.json();
}

/** Do something as somebody; gives {ok, result} or {ok: false, error}, and never throws. */
export async function postAct(as, verb, fields = {}) {
  try {
    const answer = await fetch("/demo/act", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...fields, as, do: verb }),
    });
    return await answer.json();
  } catch {
    return { ok: false, error: "The demo does not answer. Is it still running?" };
  }
}

/** Fetch why the bot answered a message; null while there is no explanation. */
export async function fetchWhy(chatId, messageId) {
  const answer = await fetch(`/demo/why?chat_id=${chatId}&message_id=${messageId}`, {
    cache: "no-store",
  });
  return answer.ok ? answer.json() : null;
}

/** Call `onChange(version)` at every change, and `onLine(true or false)` as the line comes and goes. */
export function listen(onChange, onLine) {
  const events = new EventSource("/demo/events");
  events.onopen = () => {
    onLine(true);
    onChange(null);
  };
  events.onerror = () => onLine(false);
  events.onmessage = (event) => onChange(readVersion(event.data));
}

function readVersion(data) {
  try {
    return JSON.parse(data).version ?? null;
  } catch {
    return null;
  }
}
