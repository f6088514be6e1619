// Wires the page together: which conversation is in which pane, what a reconnection loads, where the focus goes.

import { call, keepToken } from "./api.js";
import { loadClock, startClock } from "./clock.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { badge, byId, el, icon } from "./dom.js";
import { follow, retryNow } from "./feed.js";
import { startGuide } from "./guide.js";
import { refresh, startLedger } from "./ledger.js";
import { openOverview, startOverview } from "./overview.js";
import { person, postText, seePrivate, startPeople } from "./people.js";
import { groupKey, markSeen, on, privateKey, setGroup, setMe, state, tell, unread } from "./state.js";
import { GROUP_KINDS, groupText, plainGroup } from "./wording.js";

const MENTION = "@助手";
const DEFAULT_GROUP = "市政设施专班";
const QUICK = ["/帮助", "/我的", "/查 "];
const wide = matchMedia("(min-width: 760px)");

// --- panes

const privateChat = new Conversation("private", {
  key: () => (state.me === null ? null : privateKey(state.me)),
  empty: () =>
    state.me === null
      ? [icon("person"), el("p", { text: "先选择您是谁，再和助手说话。" }), el("button", { class: "button primary choose", type: "button", onclick: choosePerson, text: "选择身份" })]
      : [icon("chat"), el("p", { text: "这里是您与助手的私聊。直接说进度，例如「循环园累计完成9600万，1号道路完成水稳层」。" })],
});
const groupChat = new Conversation("group", {
  key: () => (state.group === null ? null : groupKey(state.group)),
  empty: () => [
    icon("people"),
    el("p", { text: state.group === null ? "还没有群。名册里写了群，或在群里 /绑定群 以后，会出现在这里。" : "这个群里还没有消息。助手的预警、好转通知和群里的上报都会出现在这里。" }),
  ],
});
const privateComposer = new Composer("private", {
  target: () => (state.me === null ? "先选择您的身份" : { from: state.me, chat: "private", key: privateKey(state.me) }),
});
const groupComposer = new Composer("group", {
  target: () =>
    state.me === null ? "先选择您的身份" : state.group === null ? "先选择一个群" : { from: state.me, chat: state.group, key: `${privateKey(state.me)}@${state.group}` },
  // The bot hears only what is addressed to it (rule C15).
  prepare: (text) => (text.replaceAll("＠", "@").includes(MENTION) ? text : `${MENTION} ${text}`),
});

function drawHead() {
  const one = state.me === null ? null : person(state.me);
  byId("private-title").textContent = state.me === null ? "私聊" : `${state.me} 与助手`;
  byId("private-sub").textContent =
    state.me === null ? "先在名册里选一个身份" : one === null ? (state.people.length ? "未绑定账号" : "") : `${one.unit} · ${postText(one)}`;
  byId("private-avatar").replaceChildren(state.me === null ? icon("person") : state.me.slice(0, 1));
  privateComposer.hint(state.me === null ? "" : "Enter 发送，Shift+Enter 换行");
  groupComposer.hint(state.me === null ? "" : `以${state.me}身份发言，自动加 ${MENTION}`);
  privateChat.draw();
  groupChat.draw();
}

/** Another person, or another database. */
function drawMe() {
  drawHead();
  privateComposer.switched();
  groupComposer.switched();
  privateChat.redraw();
  groupChat.redraw();
  look();
}

function drawGroups() {
  const select = byId("group-select");
  const kinds = new Map();
  for (const group of state.groups) {
    const kind = GROUP_KINDS[group.body] ?? "其他";
    if (!kinds.has(kind)) kinds.set(kind, []);
    kinds.get(kind).push(group.name);
  }
  if (!state.groups.some((group) => group.name === state.group)) {
    state.group = state.groups.find((group) => plainGroup(group.name) === DEFAULT_GROUP)?.name ?? state.groups[0]?.name ?? null;
  }
  select.replaceChildren(
    ...[...kinds].map(([kind, names]) => el("optgroup", { label: kind }, ...names.map((name) => el("option", { value: name, text: plainGroup(name) })))),
  );
  select.value = state.group ?? "";
  select.hidden = state.groups.length === 0;
  drawGroupNews();
}

function drawGroupNews() {
  const news = state.groups.map((group) => [group.name, unread(groupKey(group.name))]).filter(([name, count]) => count > 0 && name !== state.group);
  const box = byId("group-news");
  box.hidden = news.length === 0;
  box.replaceChildren(
    ...news.map(([name, count]) =>
      el("button", { class: "button news", type: "button", onclick: () => setGroup(name), "aria-label": `${groupText(name)} ${count} 条新消息` }, plainGroup(name), el("span", { class: "count", text: String(count) })),
    ),
  );
  const mine = state.group === null ? 0 : unread(groupKey(state.group));
  const others = news.reduce((sum, [, count]) => sum + count, 0);
  badge(document.querySelector('.tabs [data-tab="group"] .count'), mine + others, (count) => `${count} 条新消息`);
  badge(document.querySelector('.tabs [data-tab="private"] .count'), state.me === null ? 0 : unread(privateKey(state.me)), (count) => `${count} 条新消息`);
}

// --- what is on screen counts as read

const shown = (id) => byId(id).getClientRects().length > 0;

function look() {
  if (document.visibilityState === "visible") {
    if (shown("private-pane")) seePrivate();
    if (shown("group-pane") && state.group !== null) markSeen(groupKey(state.group));
  }
  drawGroupNews();
}

function showTab(tab) {
  document.body.dataset.tab = tab;
  for (const button of document.querySelectorAll(".tabs button")) {
    if (button.dataset.tab === tab) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  look();
  tell("tab");
}

function choosePerson() {
  showTab("people");
  byId("people-search").focus();
}

function openGroup(name) {
  const found = state.groups.find((group) => plainGroup(group.name) === plainGroup(name));
  if (!found) return;
  setGroup(found.name);
  showTab("group");
  byId("group-log").focus();
  const pane = byId("group-pane");
  pane.classList.remove("pointed");
  requestAnimationFrame(() => pane.classList.add("pointed"));
}

// --- link state and token

function drawLink({ now, words, seconds }) {
  const line = byId("link-state");
  const texts = { live: "已连接", wait: "正在连接", token: "需要口令", down: `${words}，${seconds} 秒后重连` };
  line.dataset.state = now;
  line.querySelector(".words").textContent = texts[now];
  line.querySelector("button")?.remove();
  if (now === "down") line.append(el("button", { class: "link", type: "button", onclick: retryNow, text: "马上重连" }));
}

let refused = false;

function askToken() {
  const dialog = byId("token-dialog");
  const error = byId("token-error");
  error.hidden = !refused;
  error.textContent = refused ? "口令不对，请再输一次；忘了请问系统管理员。" : "";
  if (!dialog.open) dialog.showModal();
  byId("token-text").focus();
}

byId("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = byId("token-text");
  if (!keepToken(field.value.trim())) {
    byId("token-error").hidden = false;
    byId("token-error").textContent = "口令是空的，或含有空格、中文等不能存入浏览器的字符。";
    return;
  }
  refused = true;
  field.value = "";
  byId("token-dialog").close();
  retryNow();
});
byId("token-dialog").addEventListener("cancel", (event) => event.preventDefault());

// --- start

on("me", drawMe);
on("group", () => {
  drawGroups();
  groupComposer.switched();
  groupChat.redraw();
  look();
});
on("messages", look);
on("reset", drawMe);
on("seen", drawGroupNews);
on("acted", () => loadClock().catch(() => {}));
on("link", (link) => {
  drawLink(link);
  if (link.now === "token") askToken();
  if (link.now === "live") refused = false;
});
on("token", askToken);
document.addEventListener("visibilitychange", look);

byId("group-select").addEventListener("change", (event) => setGroup(event.target.value));
byId("change-person").addEventListener("click", choosePerson);
byId("private-quick").append(
  ...QUICK.map((text) => el("button", { class: "button", type: "button", onclick: () => privateComposer.fill(text), text: text.trim() })),
);
for (const button of document.querySelectorAll(".tabs button")) {
  button.addEventListener("click", () => showTab(button.dataset.tab));
}

startPeople(() => {
  showTab("private");
  if (wide.matches) privateComposer.focus();
});
startClock(() => openOverview({ since: true }));
startLedger();
startOverview((to) => {
  if (to.kind === "group") return openGroup(to.name);
  setMe(to.name);
  showTab("private");
  privateComposer.focus();
});
startGuide({
  fill: (name, text) => {
    if (state.me !== name) setMe(name);
    showTab("private");
    privateComposer.fill(text);
  },
  seeGroup: openGroup,
});
drawMe();

follow(async () => {
  const [roster] = await Promise.all([call("people"), loadClock(), refresh()]);
  state.people = roster.people;
  state.rosterRead = true;
  state.groups = roster.groups;
  tell("people");
  drawGroups();
  drawHead();
  groupComposer.switched();
  look();
});
