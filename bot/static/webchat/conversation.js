// One conversation as bubbles: what the bot sent to it, and what was said and pressed in this browser, in order.

import { ApiError, call, fileLink, newMessageId } from "./api.js";
import { byId, el, icon } from "./dom.js";
import { conversationOf, groupKey, lastSeq, note, on, privateKey, state, tell } from "./state.js";
import { dayText, lightClass, timeText } from "./wording.js";

const SHOWN = 150; // older ones on demand: a long history must not make the page slow
const NEAR_END = 120; // pixels
const MARGIN = 12; // pixels, above what is read next

export class Conversation {
  #log;
  #key = null;
  #shown = SHOWN;
  #drawn = new Map(); // id of a line → its element
  #empty;
  #atEnd = true;

  /** key: () => which conversation the pane shows, null for none. empty: () => what stands in an empty one. */
  constructor(pane, { key, empty }) {
    this.#log = byId(`${pane}-log`);
    this.currentKey = key;
    this.#empty = empty;
    // The end stays in view when the guide, a notice or the keyboard takes room; a reader further up is left there.
    this.#log.addEventListener("scroll", () => {
      this.#atEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR_END;
    });
    new ResizeObserver(() => {
      if (this.#atEnd) this.#log.scrollTop = this.#log.scrollHeight;
    }).observe(this.#log);
    on("messages", () => this.draw());
    on("said", () => this.draw());
    on("reset", () => this.redraw());
  }

  /** Forget what is drawn: another conversation, or another database. */
  redraw() {
    this.#key = null;
    this.#shown = SHOWN;
    this.draw();
  }

  draw() {
    const key = this.currentKey();
    const fresh = key !== this.#key;
    const lines = key === null ? [] : linesOf(key);
    const visible = lines.slice(-this.#shown);
    if (fresh) {
      // Filling in history is not news: screen readers hear only what comes later.
      this.#log.setAttribute("aria-live", "off");
      this.#log.replaceChildren();
      this.#drawn = new Map();
      this.#key = key;
    }
    this.#log.querySelector(".empty")?.remove();
    this.#drawOlder(lines.length - visible.length);
    let day = null;
    let before = null;
    const arrived = []; // in order: [element, whether it was said here]
    for (const line of visible) {
      const lineDay = line.at ? dayText(line.at) : day;
      const divider = lineDay !== day;
      day = lineDay;
      if (!this.#drawn.has(line.id)) {
        const node = line.message ? botBubble(line.message) : ownLine(line.entry);
        if (divider) node.prepend(el("p", { class: "day" }, el("span", { text: day })));
        if (!fresh) node.classList.add("arriving");
        const first = this.#log.querySelector(".line");
        if (before) before.after(node);
        else if (first) first.before(node);
        else this.#log.append(node);
        this.#drawn.set(line.id, node);
        if (!fresh) arrived.push([node, line.entry !== undefined]);
      }
      before = this.#drawn.get(line.id);
    }
    if (lines.length === 0) this.#log.append(el("div", { class: "empty" }, ...this.#empty()));
    if (fresh || this.#atEnd || arrived.some(([, own]) => own)) this.#scrollTo(arrived[0]?.[0]);
    if (fresh) requestAnimationFrame(() => this.#log.setAttribute("aria-live", "polite"));
  }

  /** Down to the end; where what arrived is longer than the view, only to its beginning: it is read from there. */
  #scrollTo(first) {
    const end = this.#log.scrollHeight - this.#log.clientHeight;
    const start = first ? this.#log.scrollTop + first.getBoundingClientRect().top - this.#log.getBoundingClientRect().top - MARGIN : end;
    this.#log.scrollTop = Math.min(start, end);
    this.#atEnd = start >= end - NEAR_END;
  }

  #drawOlder(count) {
    this.#log.querySelector(".older")?.remove();
    if (count <= 0) return;
    const more = () => {
      this.#shown += SHOWN;
      this.#key = null;
      this.draw();
      this.#log.scrollTop = 0;
    };
    this.#log.prepend(el("button", { class: "button older", type: "button", onclick: more }, `显示更早的 ${Math.min(count, SHOWN)} 条`));
  }
}

function linesOf(key) {
  const bot = state.messages
    .filter((message) => conversationOf(message) === key)
    .map((message) => ({ id: `m${message.seq}`, order: message.seq, at: message.at, message }));
  const own = state.said
    .filter((entry) => (entry.chat === "private" ? privateKey(entry.from) : groupKey(entry.chat)) === key)
    .map((entry) => ({ id: `s${entry.id}`, order: entry.after + 0.5, at: entry.at, entry }));
  return [...bot, ...own].sort((one, other) => one.order - other.order);
}

function ownLine(entry) {
  const mine = entry.from === state.me;
  const time = entry.at ? el("time", { datetime: entry.at, text: timeText(entry.at) }) : null;
  if (entry.kind === "press") {
    return el(
      "article",
      { class: `line pressed ${mine ? "own" : "other"}` },
      el("p", { class: "press-note" }, icon("check"), `${entry.from} 按了「${entry.label}」${entry.text ? `：${entry.text}` : ""}`, " ", time),
    );
  }
  return el(
    "article",
    { class: `line ${mine ? "own" : "other"}` },
    el("p", { class: "line-head" }, el("span", { class: "who", text: entry.from }), time),
    entry.text ? el("div", { class: "bubble", text: entry.text }) : null,
    entry.files.length > 0
      ? el("ul", { class: "files" }, ...entry.files.map((name) => el("li", { class: "chip" }, icon("file"), el("span", { class: "chip-name", text: name }))))
      : null,
  );
}

function botBubble(message) {
  const bubble = el("div", { class: "bubble" }, ...wordsOf(message.text));
  return el(
    "article",
    { class: "line bot", "data-seq": message.seq },
    el(
      "p",
      { class: "line-head" },
      el("span", { class: "who", text: "助手" }),
      el("time", { datetime: message.at, text: timeText(message.at) }),
      message.reason && message.reason !== "回复" ? el("span", { class: "why", text: message.reason }) : null,
    ),
    bubble,
    filesOf(message),
    message.actions.length > 0 ? buttonsOf(message) : null,
  );
}

/** The text, its first line as a heading where more follows, and the names of lights in their colour. */
export function wordsOf(text) {
  const [first, ...rest] = text.split("\n");
  if (rest.length === 0) return coloured(first);
  return [el("span", { class: "lead" }, ...coloured(first)), ...coloured(`\n${rest.join("\n")}`)];
}

const LIGHT_WORDS = /([绿黄红]灯?)(\s*→\s*)([绿黄红]灯?)|([绿黄红蓝]灯)/gu;

function coloured(text) {
  const parts = [];
  const word = (light) => el("span", { class: `light-word ${lightClass(light)}`, text: light });
  let at = 0;
  for (const match of text.matchAll(LIGHT_WORDS)) {
    const [whole, from, arrow, to, alone] = match;
    parts.push(text.slice(at, match.index));
    if (alone) parts.push(word(alone));
    else parts.push(word(from), arrow, word(to));
    at = match.index + whole.length;
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part !== "");
}

export function filesOf(message) {
  if (message.files.length === 0) return null;
  return el(
    "ul",
    { class: "files" },
    ...message.files.map((file) => {
      const link = fileLink(file);
      const inside = [icon("file"), el("span", { class: "chip-name", text: file.name })];
      return el("li", {}, link ? el("a", { class: "chip", href: link, download: file.name }, ...inside) : el("span", { class: "chip" }, ...inside));
    }),
  );
}

function buttonsOf(message) {
  const box = el("div", { class: "actions" });
  const row = el("div", { class: "action-row", role: "group", "aria-label": "可选操作" });
  const failure = el("p", { class: "composer-error", role: "alert", hidden: true });
  const complain = (words) => {
    failure.hidden = words === "";
    failure.textContent = words;
  };
  for (const [index, action] of message.actions.entries()) {
    const button = el("button", { class: `button${index === 0 ? " primary" : ""}`, type: "button", text: action.label });
    if (pressedBefore(message, action)) button.classList.add("done");
    button.addEventListener("click", async () => {
      complain("");
      if (state.me === null) return complain("先选择您的身份。");
      box.querySelector(".ask")?.remove();
      if (!action.prompt) return press(message, action, "", { row, button, complain });
      const form = askFor(action, button, (text) => press(message, action, text, { row, button, complain }));
      box.append(form);
      form.querySelector("textarea").focus();
      form.scrollIntoView({ block: "nearest" });
    });
    row.append(button);
  }
  box.append(row, failure);
  return box;
}

const pressedBefore = (message, action) =>
  state.said.some((entry) => entry.kind === "press" && entry.seq === message.seq && entry.action === action.id);

/** Ask for the text that goes with the action. Resolved true closes the form. */
function askFor(action, button, submit) {
  const id = `ask-${newMessageId()}`;
  const close = () => {
    form.remove();
    button.focus();
  };
  const area = el("textarea", { id, rows: 2 });
  const send = el("button", { class: "button primary", type: "submit", text: "提交" });
  const form = el(
    "form",
    { class: "ask", novalidate: true },
    el("label", { for: id, text: action.prompt }),
    area,
    el("div", { class: "ask-end" }, el("button", { class: "button", type: "button", onclick: close, text: "取消" }), send),
  );
  const go = async () => {
    if (area.value.trim() === "") {
      area.setAttribute("aria-invalid", "true");
      area.focus();
      return;
    }
    send.disabled = true;
    const done = await submit(area.value);
    send.disabled = false;
    if (done) close();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  area.addEventListener("input", () => area.removeAttribute("aria-invalid"));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229 && event.target === area) {
      event.preventDefault();
      go();
    }
  });
  return form;
}

async function press(message, action, text, { row, button, complain }) {
  const from = state.me;
  const after = lastSeq(); // the answer may be here before this call returns
  for (const one of row.children) one.disabled = true;
  try {
    await call("actions", { body: { from, seq: message.seq, action: action.id, input: text, message_id: newMessageId() } });
    button.classList.add("done");
    note({
      after, kind: "press", from, chat: message.to.kind === "group" ? message.to.name : "private",
      label: action.label, text, seq: message.seq, action: action.id,
    });
    tell("acted");
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    complain(`没有按成：${error.message}。`);
    if (error.status === 401) tell("token", error.message);
    if (error.status === 0) tell("lost");
    return false;
  } finally {
    for (const one of row.children) one.disabled = false;
    if (document.activeElement === document.body) button.focus();
  }
}
