// What this browser remembers: who you are, what you said (the server lists only what the bot said), what you have seen.
// Storage may be full or forbidden; then the page works without a memory.

const PREFIX = "zhuanban.";
const fallbackStore = new Map();

export function recall(name, otherwise) {
  try {
    const stored = localStorage.getItem(PREFIX + name) ?? fallbackStore.get(name) ?? null;
    return stored === null ? otherwise : JSON.parse(stored);
  } catch {
    return otherwise;
  }
}

export function keep(name, value) {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(PREFIX + name, text);
  } catch {
    fallbackStore.set(name, text);
  }
}

export function forget(...names) {
  for (const name of names) {
    fallbackStore.delete(name);
    try {
      localStorage.removeItem(PREFIX + name);
    } catch {
      // nothing was stored
    }
  }
}

/** Calls back when another tab changed the entry. */
export function onForeignChange(name, callback) {
  addEventListener("storage", (event) => {
    if (event.key === PREFIX + name) callback();
  });
}
