// Who you are: the roster by unit, searchable, with a badge for everybody who got something new.

import { badge, byId, el } from "./dom.js";
import { recall } from "./memory.js";
import { markSeen, on, privateKey, setMe, state, unread } from "./state.js";

const NOBODY_YET = "名册里还没有人。请系统管理员用 zhuanban roster load 导入名册，再刷新本页。";

const NEWS_SHOWN = 6;
const list = byId("people-list");
const search = byId("people-search");

export function person(name) {
  return state.people.find((one) => one.name === name) ?? null;
}

export const postText = (one) => (one.roles.length > 0 ? one.roles.join("、") : "工作人员");

/** chosen: called after somebody was picked here, so that the page can move the focus on. */
export function startPeople(chosen) {
  const pick = (name) => {
    search.value = "";
    setMe(name);
    chosen();
  };
  search.addEventListener("input", () => draw(pick));
  search.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const first = list.querySelector("button");
    if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      first.focus();
    }
    if (event.key === "Enter" && first && search.value.trim()) {
      event.preventDefault();
      first.click();
    }
    if (event.key === "Escape" && search.value) {
      search.value = "";
      draw(pick);
    }
  });
  list.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const all = [...list.querySelectorAll("button")];
    const at = all.indexOf(document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    const next = event.key === "ArrowDown" ? all[at + 1] : (all[at - 1] ?? search);
    next?.focus();
  });
  on("people", () => draw(pick));
  on("me", () => draw(pick));
  on("messages", () => draw(pick));
  on("seen", () => draw(pick));
  draw(pick);
}

function draw(pick) {
  const wanted = search.value.trim().toLowerCase();
  const fits = (one) =>
    !wanted || [one.name, one.unit, ...one.roles].some((text) => text.toLowerCase().includes(wanted));
  const groups = new Map();
  if (!wanted) {
    const news = state.people.filter((one) => one.name !== state.me && unread(privateKey(one.name)) > 0);
    if (news.length > 0) groups.set("有新消息", news.slice(0, NEWS_SHOWN));
    const recent = recall("recent", []).map(person).filter((one) => one !== null);
    if (recent.length > 0) groups.set("最近用过", recent);
  }
  for (const one of state.people.filter(fits)) {
    if (!groups.has(one.unit)) groups.set(one.unit, []);
    groups.get(one.unit).push(one);
  }
  const parts = [...groups].map(([unit, members]) => [
    el("h3", { class: "people-unit", text: unit }),
    el("ul", {}, ...members.map((one) => el("li", {}, row(one, pick)))),
  ]);
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.name : null;
  list.replaceChildren(...parts.flat());
  if (focused) list.querySelector(`[data-name="${CSS.escape(focused)}"]`)?.focus();
  if (wanted && groups.size === 0) {
    const stranger = search.value.trim();
    list.append(
      el("p", { class: "empty", text: "名册里没有找到。" }),
      el("button", { class: "button stranger", type: "button", onclick: () => pick(stranger) }, `以未绑定账号「${stranger}」说话`),
    );
  } else if (state.people.length === 0) {
    list.append(el("p", { class: "empty", text: state.rosterRead ? NOBODY_YET : "正在读名册……" }));
  }
}

function row(one, pick) {
  return el(
    "button",
    { class: "person", type: "button", "data-name": one.name, "aria-current": one.name === state.me ? "true" : null, onclick: () => pick(one.name) },
    el("span", { class: "avatar small", "aria-hidden": "true", text: one.name.slice(0, 1) }),
    el(
      "span",
      { class: "person-words" },
      el("span", { class: "person-name", text: one.name }),
      el("span", { class: "person-post", text: postText(one) }),
    ),
    one.bound ? null : el("span", { class: "tag", text: "未绑定" }),
    countOf(one),
  );
}

function countOf(one) {
  const node = el("span", { class: "count" });
  badge(node, unread(privateKey(one.name)), (count) => `${count} 条新消息`);
  return node;
}

/** The private chat on screen counts as read. */
export function seePrivate() {
  if (state.me !== null) markSeen(privateKey(state.me));
}
