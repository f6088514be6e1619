// What the page knows, in one place, and who wants to hear of a change.

import { forget, keep, onForeignChange, recall } from "./memory.js";

const SAID_LIMIT = 600;
const topics = new Map();

export const state = {
  me: recall("me", null), // the name to speak as
  group: recall("group", null), // the group shown beside the private chat
  people: [],
  rosterRead: false,
  groups: [],
  messages: [], // everything the bot sent, by seq
  said: recall("said", []), // what was said and pressed in this browser
  seen: recall("seen", null), // {floor, "p:name": seq, "g:group": seq}
  now: null, // simulated or real, local ISO
  since: null, // seq before the clock was last moved
};

export function on(topic, listener) {
  if (!topics.has(topic)) topics.set(topic, []);
  topics.get(topic).push(listener);
}

export function tell(topic, ...facts) {
  for (const listener of topics.get(topic) ?? []) listener(...facts);
}

export const lastSeq = () => state.messages.at(-1)?.seq ?? 0;
export const privateKey = (name) => `p:${name}`;
export const groupKey = (name) => `g:${name}`;

export function setMe(name) {
  state.me = name;
  keep("me", name);
  const recent = [name, ...recall("recent", []).filter((one) => one !== name)].slice(0, 5);
  keep("recent", recent);
  tell("me");
}

export function setGroup(name) {
  state.group = name;
  keep("group", name);
  tell("group");
}

/** Note what was said or pressed: it stands after everything that the bot had sent by then. */
export function note(entry) {
  const before = recall("said", []);
  const id = (before.at(-1)?.id ?? 0) + 1;
  state.said = [...before, { id, at: state.now, after: lastSeq(), ...entry }].slice(-SAID_LIMIT);
  keep("said", state.said);
  tell("said");
}

export const conversationOf = (message) =>
  message.to.kind === "group" ? groupKey(message.to.name) : privateKey(message.to.name);

export function unread(key) {
  const seen = Math.max(state.seen?.[key] ?? 0, state.seen?.floor ?? 0);
  let count = 0;
  for (let index = state.messages.length - 1; index >= 0; index -= 1) {
    const message = state.messages[index];
    if (message.seq <= seen) break;
    if (conversationOf(message) === key) count += 1;
  }
  return count;
}

export function markSeen(key) {
  if (unread(key) === 0) return;
  state.seen = { ...state.seen, [key]: lastSeq() };
  keep("seen", state.seen);
  tell("seen");
}

/** Messages that were there before this browser first looked are not news. */
export function settleSeen() {
  if (state.seen === null) {
    state.seen = { floor: lastSeq() };
    keep("seen", state.seen);
    tell("seen");
  }
}

/** A mark of the database that our memory belongs to: its last message. */
export function rememberDatabase() {
  const last = state.messages.at(-1);
  keep("mark", last ? { seq: last.seq, at: last.at, text: last.text.slice(0, 80) } : null);
}

/** False when the server now has another database than the one our memory is about. */
export function memoryFits() {
  const mark = recall("mark", null);
  if (mark !== null) {
    const same = state.messages.find((message) => message.seq === mark.seq);
    return same !== undefined && same.at === mark.at && same.text.slice(0, 80) === mark.text;
  }
  return state.now === null || state.said.every((entry) => entry.at === null || entry.at <= state.now);
}

/** Forget what belonged to another database; who you are and your drafts stay. */
export function startOver() {
  forget("said", "seen", "mark", "ledger", "guide");
  state.said = [];
  state.seen = null;
  state.since = null;
  tell("reset");
}

onForeignChange("said", () => {
  state.said = recall("said", []);
  tell("said");
});
onForeignChange("seen", () => {
  state.seen = recall("seen", null);
  tell("seen");
});
