// The long poll. Each (re)connection first proves that the server still has the last message we know;
// otherwise the demonstration was started afresh and everything is loaded again.

import { call } from "./api.js";
import { lastSeq, memoryFits, on, rememberDatabase, settleSeen, startOver, state, tell } from "./state.js";

const WAIT_MS = 25_000;
const PAUSES = [1, 2, 4, 8, 15];

let wake = () => {};
let poll = new AbortController();

/** Try again now instead of after the pause. */
export const retryNow = () => wake();

/** Runs for as long as the page is open. connected: awaited after each new connection. */
export async function follow(connected) {
  addEventListener("online", retryNow);
  on("lost", () => poll.abort()); // whoever could not reach the server knows before a poll under way does
  let fresh = true;
  let first = true;
  let failures = 0;
  for (;;) {
    try {
      const last = state.messages.at(-1);
      const after = fresh && last ? last.seq - 1 : lastSeq();
      const wait = fresh ? 0 : WAIT_MS;
      poll = new AbortController();
      const found = await call(`messages?after=${after}&wait_ms=${wait}`, { timeout: wait + 15_000, signal: poll.signal });
      if (fresh && last && !isSame(found.shift(), last)) {
        state.messages = [];
        startOver();
        continue;
      }
      if (found.length > 0) add(found);
      if (fresh && found.length >= 499) continue; // a full page: there is more
      if (fresh) {
        await connected();
        if (first && !memoryFits()) startOver();
        settleSeen();
        first = false;
        fresh = false;
        failures = 0;
        tell("link", { now: "live" });
      }
      if (found.length > 0) rememberDatabase();
    } catch (error) {
      fresh = true;
      if (error.status === undefined) console.error(error);
      if (error.status === 401) {
        tell("link", { now: "token", words: error.message });
        await pause(null);
        continue;
      }
      const seconds = PAUSES[Math.min(failures, PAUSES.length - 1)];
      failures += 1;
      tell("link", { now: "down", words: error.message, seconds });
      await pause(seconds);
      tell("link", { now: "wait" });
    }
  }
}

function add(found) {
  const last = lastSeq();
  const news = found.filter((message) => message.seq > last);
  if (news.length === 0) return;
  state.messages.push(...news);
  tell("messages", news);
}

const isSame = (one, other) =>
  one !== undefined && one.seq === other.seq && one.at === other.at && one.text === other.text;

/** seconds: null waits until woken. */
function pause(seconds) {
  return new Promise((resolve) => {
    const timer = seconds === null ? 0 : setTimeout(resolve, seconds * 1000);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
