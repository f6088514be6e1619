// Writing a message: Enter sends, Shift+Enter breaks the line, files by button, drop or paste.
// Nothing is lost: the text and the files stay until the server has taken them; drafts survive a reload.

import { ApiError, call, newMessageId } from "./api.js";
import { byId, el, icon } from "./dom.js";
import { keep, recall } from "./memory.js";
import { lastSeq, note, tell } from "./state.js";

const NOBODY = "nobody";
const MAX_FILES = 9;
const MAX_BYTES = 45 * 1024 * 1024; // of one message; the server's limit per file is told by the server

export class Composer {
  #target; // () => {from, chat, key} or a string saying why nothing can be sent now
  #form;
  #text;
  #picker;
  #files = [];
  #busy = false;
  #attempt = null; // the message id of an unchanged message whose sending failed
  #key = null; // whose draft is shown

  /** pane: "private" or "group". prepare: the text as it is sent. */
  constructor(pane, { target, prepare = (text) => text }) {
    this.#target = target;
    this.prepare = prepare;
    this.#form = byId(`${pane}-composer`);
    this.#text = byId(`${pane}-text`);
    this.#picker = byId(`${pane}-files`);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.#text.addEventListener("keydown", (event) => {
      // During input with an input method, Enter picks a candidate and must not send (keyCode 229: Safari).
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.send();
    });
    this.#text.addEventListener("input", () => this.#edited());
    this.#text.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length === 0) return;
      event.preventDefault();
      this.#add(event.clipboardData.files);
    });
    this.#form.querySelector(".attach").addEventListener("click", () => this.#picker.click());
    this.#picker.addEventListener("change", () => {
      this.#add(this.#picker.files);
      this.#picker.value = "";
    });
    this.#takeDrops(byId(`${pane}-pane`));
    this.switched();
  }

  /** Show the draft of the conversation that is now in the pane; one begun before choosing a person moves along. */
  switched() {
    const key = this.#draftKey();
    if (key === this.#key) return;
    const drafts = recall("drafts", {});
    const carried = this.#key === NOBODY ? this.#text.value : "";
    this.#text.value = drafts[key] || carried;
    if (!carried) this.#files = [];
    this.#key = key;
    this.#attempt = null;
    this.#drawFiles();
    this.#fit();
    this.complain("");
  }

  fill(text) {
    this.#text.value = text;
    this.#edited();
    this.#text.focus();
    this.#text.setSelectionRange(text.length, text.length);
  }

  focus() {
    this.#text.focus();
  }

  hint(words) {
    this.#form.querySelector(".composer-hint").textContent = words;
  }

  complain(words) {
    const line = this.#form.querySelector(".composer-error");
    line.hidden = words === "";
    line.textContent = words;
  }

  async send() {
    if (this.#busy) return;
    const target = this.#target();
    const typed = this.#text.value;
    const files = this.#files;
    if (typeof target === "string") return this.complain(`${target}。`);
    if (typed.trim() === "" && files.length === 0) return this.complain("请先写点什么，或添加附件。");
    this.#setBusy(true);
    const text = this.prepare(typed);
    const messageId = this.#attempt ?? newMessageId();
    this.#attempt = messageId;
    const after = lastSeq(); // the answer may be here before this call returns
    try {
      const answer = await call("messages", {
        body: { from: target.from, chat: target.chat, text, attachments: await encoded(files), message_id: messageId },
      });
      note({ after, kind: "text", from: target.from, chat: target.chat, text, files: files.map((file) => file.name) });
      this.#forgetDraft(target.key);
      this.complain(answer.refused ? `没有收下：${answer.refused.join("；")}` : "");
      tell("acted");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const draft = recall("drafts", {});
      keep("drafts", { ...draft, [target.key]: typed });
      this.complain(`没有发出：${error.message}。内容还在，可以再发。`);
      if (error.status === 401) tell("token", error.message);
      if (error.status === 0) tell("lost");
    } finally {
      this.#setBusy(false);
    }
  }

  #setBusy(busy) {
    this.#busy = busy;
    this.#form.setAttribute("aria-busy", String(busy));
    this.#form.querySelector(".send").disabled = busy;
    this.#text.readOnly = busy;
  }

  #draftKey() {
    const target = this.#target();
    return typeof target === "string" ? NOBODY : target.key;
  }

  #forgetDraft(key) {
    const { [key]: _sent, ...rest } = recall("drafts", {});
    keep("drafts", rest);
    this.#attempt = null;
    if (this.#draftKey() !== key) return;
    this.#text.value = "";
    this.#files = [];
    this.#drawFiles();
    this.#fit();
  }

  #edited() {
    this.#attempt = null;
    this.complain("");
    this.#fit();
    const { [this.#key]: _old, ...rest } = recall("drafts", {});
    keep("drafts", this.#text.value && this.#key !== NOBODY ? { ...rest, [this.#key]: this.#text.value } : rest);
  }

  /** As many rows as the text has, up to six (older browsers have no field-sizing). */
  #fit() {
    const columns = 22;
    const rows = this.#text.value.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / columns), 0);
    this.#text.rows = Math.min(6, Math.max(1, rows));
  }

  #takeDrops(pane) {
    let depth = 0;
    const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    pane.addEventListener("dragenter", (event) => {
      if (!carriesFiles(event)) return;
      depth += 1;
      pane.classList.add("dropping");
    });
    pane.addEventListener("dragleave", (event) => {
      if (!carriesFiles(event)) return;
      depth -= 1;
      if (depth <= 0) pane.classList.remove("dropping");
    });
    pane.addEventListener("dragover", (event) => {
      if (carriesFiles(event)) event.preventDefault();
    });
    pane.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      pane.classList.remove("dropping");
      this.#add(event.dataTransfer.files);
    });
  }

  #add(files) {
    const all = [...this.#files, ...files];
    this.#attempt = null;
    if (all.length > MAX_FILES) this.complain(`一条消息最多带 ${MAX_FILES} 个附件，多出的没有加上。`);
    this.#files = all.slice(0, MAX_FILES);
    while (this.#files.reduce((sum, file) => sum + file.size, 0) > MAX_BYTES) {
      const left = this.#files.pop();
      this.complain(
        left.size > MAX_BYTES
          ? `「${left.name}」太大（${sizeText(left.size)}），没有加上，请压缩后再发。`
          : `附件合计太大，「${left.name}」没有加上，请分几条发。`,
      );
    }
    this.#drawFiles();
    this.#text.focus();
  }

  #drawFiles() {
    const list = this.#form.querySelector(".attachments");
    list.hidden = this.#files.length === 0;
    list.replaceChildren(
      ...this.#files.map((file) =>
        el(
          "li",
          { class: "chip" },
          icon("file"),
          el("span", { class: "chip-name", text: file.name }),
          el("span", { class: "chip-size", text: sizeText(file.size) }),
          el(
            "button",
            {
              type: "button",
              "aria-label": `去掉附件 ${file.name}`,
              onclick: () => {
                this.#files = this.#files.filter((one) => one !== file);
                this.#attempt = null;
                this.#drawFiles();
                this.#text.focus();
              },
            },
            icon("close"),
          ),
        ),
      ),
    );
  }
}

const sizeText = (bytes) =>
  bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

function encoded(files) {
  return Promise.all(
    files.map(
      (file) =>
        new Promise((resolve, reject) => {
          const reader = new FileReader();
          reader.onload = () => resolve({ name: file.name, base64: reader.result.slice(reader.result.indexOf(",") + 1) });
          reader.onerror = () => reject(new ApiError(`读不出附件「${file.name}」`, 0));
          reader.readAsDataURL(file);
        }),
    ),
  );
}
