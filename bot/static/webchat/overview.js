// 全部消息: everything the bot sent, with recipient and reason. How a newcomer sees who was told what.

import { badge, byId, el } from "./dom.js";
import { filesOf, wordsOf } from "./conversation.js";
import { on, state } from "./state.js";
import { groupText, plainGroup, shortMoment } from "./wording.js";

const SHOWN = 200;
const dialog = byId("all-dialog");
const list = byId("all-list");
const search = byId("all-search");
const sinceButton = byId("all-since");

/** show: opens the conversation that a message went to. */
export function startOverview(show) {
  const redraw = () => {
    badge(byId("open-all").querySelector(".count"), state.messages.length, (count) => `共 ${count} 条`);
    if (dialog.open) draw(show);
  };
  byId("open-all").addEventListener("click", () => openOverview({ since: false }));
  byId("all-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  search.addEventListener("input", () => draw(show));
  sinceButton.addEventListener("click", () => {
    sinceButton.setAttribute("aria-pressed", String(sinceButton.getAttribute("aria-pressed") !== "true"));
    draw(show);
  });
  dialog.addEventListener("toggle-draw", () => draw(show));
  on("messages", redraw);
  on("reset", redraw);
}

export function openOverview({ since }) {
  search.value = "";
  sinceButton.hidden = state.since === null;
  sinceButton.setAttribute("aria-pressed", String(since));
  if (!dialog.open) dialog.showModal();
  dialog.dispatchEvent(new Event("toggle-draw"));
  list.scrollTop = 0;
  list.focus();
}

function draw(show) {
  const wanted = search.value.trim().toLowerCase();
  const after = sinceButton.getAttribute("aria-pressed") === "true" ? (state.since ?? 0) : 0;
  const found = state.messages.filter(
    (message) =>
      message.seq > after &&
      (!wanted || [message.to.name, message.text, message.reason].some((text) => text.toLowerCase().includes(wanted))),
  );
  const rows = found.slice(-SHOWN).reverse().map((message) => row(message, show));
  list.replaceChildren(...rows);
  if (found.length === 0) list.append(el("li", { class: "empty", text: state.messages.length === 0 ? "助手还没有发过消息。" : "没有这样的消息。" }));
  if (found.length > SHOWN) list.append(el("li", { class: "empty", text: `只列出最近 ${SHOWN} 条，更早的请用上面的框查找。` }));
  byId("all-sub").textContent = `助手发出的每一条：发给谁、说什么、为什么 · 共 ${state.messages.length} 条${found.length < state.messages.length ? `，列出 ${found.length} 条` : ""}`;
}

function row(message, show) {
  const group = message.to.kind === "group";
  const open = () => {
    dialog.close();
    show(message.to);
  };
  return el(
    "li",
    { class: "sent" },
    el(
      "div",
      { class: "sent-to" },
      el("button", { class: "link", type: "button", onclick: open, title: group ? "打开这个群" : "换成这个人" }, group ? groupText(plainGroup(message.to.name)) : message.to.name),
      el("span", { class: "tag", text: group ? "群" : "私聊" }),
    ),
    el("p", { class: "sent-why" }, el("time", { datetime: message.at, text: shortMoment(message.at) }), message.reason ? el("span", { class: "why", text: message.reason }) : null),
    el(
      "div",
      { class: "sent-what" },
      el("div", { class: "sent-text" }, ...wordsOf(message.text)),
      filesOf(message),
      message.actions.length > 0 ? el("p", { class: "muted", text: `按钮：${message.actions.map((action) => action.label).join("、")}` }) : null,
    ),
  );
}
