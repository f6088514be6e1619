// The ledger at the side: every project with its light and figure, and what changed since you last looked.

import { call } from "./api.js";
import { badge, byId, el, svg } from "./dom.js";
import { keep, recall } from "./memory.js";
import { closeRecord, openRecord, shownRecord } from "./record.js";
import { on, tell } from "./state.js";
import { dateText, lightClass, lightText, percent, share, wan } from "./wording.js";

const SHOWN = 100;
const RANK = { red: 0, yellow: 1, green: 2, blue: 3, none: 4 };
const list = byId("projects");
const search = byId("ledger-search");
let projects = [];
let running = false;
let again = false;

export function startLedger() {
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && search.value) {
      search.value = "";
      draw();
    }
  });
  byId("ledger-seen").addEventListener("click", () => {
    keep("ledger", Object.fromEntries(projects.map((one) => [one.code, known(one)])));
    draw();
    search.focus();
  });
  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => refresh().catch(() => {}), 120); // the link state tells of failures
  };
  on("acted", soon);
  on("messages", soon);
  on("reset", soon);
}

/** Read the list again; calls that come meanwhile become one more round. */
export async function refresh() {
  again = true;
  if (running) return;
  running = true;
  try {
    while (again) {
      again = false;
      projects = await call("projects");
      if (recall("ledger", null) === null) {
        keep("ledger", Object.fromEntries(projects.map((one) => [one.code, known(one)])));
      }
      draw();
      const code = shownRecord();
      if (code !== null) await openRecord(code, { focus: false });
    }
  } finally {
    running = false;
  }
}

const known = (one) => ({ light: one.light, ytd: one.ytd_fen, plan: one.plan_fen, version: one.version });

/** What is not as it was: [label, old, new], or an empty list. */
function changes(one, looked = recall("ledger", {})) {
  const before = looked[one.code];
  if (before === undefined) return [["新增", null, null]];
  const found = [];
  if (before.light !== one.light) found.push(["亮灯", lightText(before.light), lightText(one.light)]);
  if (before.ytd !== one.ytd_fen) found.push(["年累", wan(before.ytd), wan(one.ytd_fen)]);
  if (before.plan !== one.plan_fen) found.push(["年度计划", wan(before.plan), wan(one.plan_fen)]);
  if (found.length === 0 && before.version !== one.version) found.push(["记录有更新", null, null]);
  return found;
}

function draw() {
  const wanted = search.value.trim().toLowerCase();
  const looked = recall("ledger", {});
  const all = projects.map((one) => ({ one, changed: changes(one, looked) }));
  const rows = all
    .filter(({ one }) => !wanted || [one.code, one.name, lightText(one.light), ...(one.aliases ?? [])].some((text) => text.toLowerCase().includes(wanted)))
    .sort((a, b) => (b.changed.length > 0) - (a.changed.length > 0) || RANK[lightClass(a.one.light)] - RANK[lightClass(b.one.light)] || (a.one.code < b.one.code ? -1 : 1));
  const focused = document.activeElement?.closest?.(".project")?.dataset.code;
  list.replaceChildren(...rows.slice(0, SHOWN).map(({ one, changed }) => el("li", {}, card(one, changed))));
  if (rows.length > SHOWN) list.append(el("li", { class: "empty", text: `还有 ${rows.length - SHOWN} 个项目，请输入名称或编码查找。` }));
  if (rows.length === 0) list.append(el("li", { class: "empty", text: projects.length === 0 ? "台账里还没有项目。请系统管理员用 zhuanban projects import 导入。" : "没有找到这样的项目。" }));
  if (focused) list.querySelector(`[data-code="${CSS.escape(focused)}"]`)?.focus();
  const count = all.filter(({ changed }) => changed.length > 0).length;
  byId("ledger-seen").hidden = count === 0;
  badge(document.querySelector('.tabs [data-tab="ledger"] .count'), count, (n) => `${n} 个项目有变化`);
  summarise();
}

function summarise() {
  const counts = { red: 0, yellow: 0, green: 0, none: 0 };
  for (const one of projects) counts[lightClass(one.light)] += 1;
  const words = { red: "红", yellow: "黄", green: "绿", none: "无灯" };
  byId("ledger-summary").replaceChildren(
    `${projects.length} 个项目`,
    ...Object.entries(counts)
      .filter(([kind, count]) => count > 0 || kind !== "none")
      .map(([kind, count]) => el("span", { class: `tally ${count > 0 ? kind : "none"}`, text: `${words[kind]} ${count}` })),
  );
}

function card(one, changed) {
  const share100 = percent(one.ytd_fen, one.plan_fen);
  return el(
    "button",
    {
      class: `project${changed.length > 0 ? " changed" : ""}`, type: "button", "data-code": one.code,
      onclick: () => see(one),
    },
    el(
      "span",
      { class: "project-top" },
      lightChip(one.light),
      el("span", { class: "code", text: one.code }),
      changed.length > 0 ? el("span", { class: "tag news", text: "有变化" }) : null,
    ),
    el("span", { class: "project-name", text: one.name }),
    bar(one),
    el(
      "span",
      { class: "figures" },
      el("span", {}, "年累 ", el("b", { text: wan(one.ytd_fen) }), ` / 计划 ${wan(one.plan_fen)} 万元`),
      share100 === null ? null : el("span", { class: "share", text: `${share100}%` }),
    ),
    el("span", { class: "as-of", text: one.ytd_as_of ? `数据截至 ${dateText(one.ytd_as_of)}` : "还没有数据" }),
    changed.length > 0 ? el("span", { class: "diff" }, ...changed.map(changeWords)) : null,
  );
}

export const changeWords = ([label, old, now]) =>
  el("span", {}, old === null ? label : [`${label} `, el("s", { text: old }), " → ", el("b", { text: now })]);

export const lightChip = (light) => el("span", { class: `light ${lightClass(light)}` }, el("span", { class: "dot", "aria-hidden": "true" }), lightText(light));

export function bar(one) {
  const node = svg("svg", { class: `bar ${lightClass(one.light)}`, viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" });
  node.append(svg("rect", { class: "bar-all", x: 0, y: 0, width: 100, height: 4 }));
  node.append(svg("rect", { class: "bar-done", x: 0, y: 0, width: share(one.ytd_fen, one.plan_fen), height: 4 }));
  return node;
}

async function see(one) {
  const changed = changes(one);
  keep("ledger", { ...recall("ledger", {}), [one.code]: known(one) });
  await openRecord(one.code, {
    changed,
    back: () => {
      closeRecord();
      draw();
      list.querySelector(`[data-code="${CSS.escape(one.code)}"]`)?.focus();
    },
  });
  draw();
  tell("looked");
}
