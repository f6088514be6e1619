// One project's record: figures, light and why, what entered the ledger and when, warnings, problem items.

import { ApiError, call } from "./api.js";
import { byId, el, icon, svg } from "./dom.js";
import {
  CASE_STATES, ENTRY_KINDS, LIGHT_CAUSES, dateOnly, dateText, fieldText, fractionPercent, lightClass, lightText, momentText, percent,
  shortMoment, valueText, wan,
} from "./wording.js";

const place = byId("ledger-record");
const listView = byId("ledger-list-view");
const LATEST = 8;
let code = null;
let options = {};

/** The code of the record on screen, or null. */
export const shownRecord = () => code;

export function closeRecord() {
  code = null;
  place.hidden = true;
  listView.hidden = false;
}

place.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.preventDefault();
  options.back?.();
});

/** changed: what to point out, as [label, old, new]. back: what the back button and Esc do. */
export async function openRecord(wanted, { changed, back, focus = true } = {}) {
  const again = code === wanted;
  options = { changed: changed ?? (again ? options.changed : []), back: back ?? options.back };
  code = wanted;
  let parts;
  try {
    parts = recordParts(await call(`projects/${encodeURIComponent(wanted)}`));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    parts = [el("p", { class: "composer-error", text: `${error.message}。` })];
  }
  if (code !== wanted) return; // meanwhile closed, or another one was opened
  const scrolled = place.scrollTop;
  const held = place.contains(document.activeElement); // a refresh must not take the focus away
  place.replaceChildren(
    el("button", { class: "button quiet back", type: "button", onclick: () => options.back?.() }, icon("back"), "全部项目"),
    ...parts,
  );
  place.hidden = false;
  listView.hidden = true;
  place.scrollTop = again ? scrolled : 0;
  if (focus || held) place.querySelector(".back").focus();
}

function recordParts(record) {
  const plan = record.plans.find((one) => one.kind === "investment" && one.year === record.figure_year) ?? null;
  const done = plan ? percent(record.ytd_fen, plan.plan_fen) : null;
  return [
    el("header", { class: "record-head" }, chip(record.light), el("span", { class: "code", text: record.code }), el("h2", { text: record.name })),
    options.changed.length > 0
      ? el("p", { class: "diff", role: "note" }, el("b", { text: "上次查看以来" }), ...options.changed.map(([label, old, now]) => el("span", { text: old === null ? label : `${label} ${old} → ${now}` })))
      : null,
    why(record),
    el(
      "div",
      { class: "headline" },
      figure("年累", wan(record.ytd_fen), "万元"),
      figure("年度计划", plan ? wan(plan.plan_fen) : "—", plan ? "万元" : ""),
      figure("完成率", done ?? "—", done ? "%" : ""),
    ),
    plan ? chart(record, plan) : null,
    facts(record),
    section("入账记录", entries(record)),
    section("灯色变化", lightChanges(record)),
    section("预警与反馈", cases(record)),
    section("问题事项", items(record)),
  ].filter((part) => part !== null);
}

const chip = (light) => el("span", { class: `light ${lightClass(light)}` }, el("span", { class: "dot", "aria-hidden": "true" }), lightText(light));

const figure = (label, value, unit) =>
  el("p", { class: "figure" }, el("span", { class: "figure-label", text: label }), el("span", { class: "figure-value" }, el("b", { text: value }), unit ? ` ${unit}` : ""));

function why(record) {
  const state = record.light_state;
  if (!state) return null;
  const reasons = (state.reasons ?? []).map(reasonText).filter(Boolean);
  return el("p", { class: "record-why" }, `${lightText(state.shown)}自 ${momentText(state.since)}`, reasons.length > 0 ? `，原因：${reasons.join("；")}` : "");
}

/** 投资：时序 69.50%，完成率 58.75%，差距 10.75 个百分点 */
function reasonText(reason) {
  const parts = [
    reason.scheduled ? `时序 ${fractionPercent(reason.scheduled)}%` : "",
    reason.actual ? `完成率 ${fractionPercent(reason.actual)}%` : "",
    reason.gap ? `差距 ${fractionPercent(reason.gap)} 个百分点` : "",
    reason.planned ? `计划 ${reason.planned}` : "",
    reason.days ? `${reason.days} 天` : "",
  ].filter(Boolean);
  return `${reason.kind}${reason.source ? `（${reason.source}）` : ""}${parts.length > 0 ? `：${parts.join("，")}` : ""}`;
}

function facts(record) {
  const rows = [
    ["责任单位", record.unit],
    ["行业专班", record.task_force],
    ["县区", record.region ?? "市本级"],
    ["类别", (record.categories ?? []).join("、")],
    ["建设阶段", record.stage],
    ["总投资", record.total_fen === null ? null : `${wan(record.total_fen)} 万元`],
    ["数据日期", record.ytd_as_of ? dateText(record.ytd_as_of) : null],
    ["形象进度", record.image_progress],
    ["计划开工", record.planned_start],
    ["计划竣工", record.planned_finish],
  ].filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el("dl", { class: "facts" }, ...rows.flatMap(([label, value]) => [el("dt", { text: label }), el("dd", { text: value })]));
}

function section(title, rows) {
  if (rows.length === 0) return null;
  const latest = rows.slice(0, LATEST);
  const rest = rows.slice(LATEST);
  const list = el("ol", { class: "history" }, ...latest);
  const node = el("section", { class: "record-part" }, el("h3", {}, title, el("span", { class: "tally", text: String(rows.length) })), list);
  if (rest.length > 0) {
    const more = el("button", { class: "button", type: "button", text: `更早的 ${rest.length} 条` });
    more.addEventListener("click", () => {
      list.append(...rest);
      more.remove();
    });
    node.append(more);
  }
  return node;
}

const row = (when, head, ...rest) => el("li", {}, el("time", { datetime: when ?? "", text: shortMoment(when) }), el("div", {}, el("p", { class: "history-head" }, ...head), ...rest));

function entries(record) {
  return [...record.entries].reverse().map((entry) =>
    row(
      entry.at,
      [
        el("b", { text: ENTRY_KINDS[entry.kind] ?? entry.kind }),
        entry.author ? ` ${entry.author}` : "",
        ` · 数据截至 ${dateOnly(entry.as_of)}`,
        entry.undone_at ? el("span", { class: "tag", text: "已撤销" }) : "",
      ],
      ...Object.entries(entry.changes ?? {}).map(([name, pair]) => changeLine(name, pair)),
      entry.reason ? el("p", { class: "muted", text: `原因：${entry.reason}` }) : "",
      (entry.attachments ?? []).length > 0 ? el("p", { class: "muted", text: `附件：${entry.attachments.map((one) => one.name).join("、")}` }) : "",
    ),
  );
}

function changeLine(name, pair) {
  const [old, now] = Array.isArray(pair) && pair.length === 2 ? pair : [null, pair];
  return el("p", { class: "change" }, el("span", { class: "muted", text: `${fieldText(name)} ` }), ...(old === null ? [] : [el("s", { text: valueText(name, old) }), " → "]), el("b", { text: valueText(name, now) }));
}

function lightChanges(record) {
  return [...record.light_changes].reverse().map((change) =>
    row(change.at, [chip(change.old_shown), " → ", chip(change.shown), el("span", { class: "muted", text: ` ${LIGHT_CAUSES[change.cause] ?? change.cause}` })]),
  );
}

function cases(record) {
  return [...record.light_cases].reverse().map((one) =>
    row(
      one.pushed_at,
      [chip(one.light), ` ${CASE_STATES[one.state] ?? one.state}${one.outcome ? `：${one.outcome}` : ""}`],
      one.state === "ended" ? "" : el("p", { class: "muted", text: `反馈期限 ${momentText(one.feedback_due_at)}` }),
      ...(one.feedbacks ?? []).map((feedback) => el("p", { class: "muted", text: `${shortMoment(feedback.submitted_at)} 反馈：${feedback.text}` })),
    ),
  );
}

function items(record) {
  return record.items.map((number) => {
    const body = el("div", { class: "item-body" });
    const detail = el("details", { class: "item" }, el("summary", { text: number }), body);
    detail.addEventListener("toggle", async () => {
      if (!detail.open || body.childNodes.length > 0) return;
      try {
        body.replaceChildren(itemFacts(await call(`items/${encodeURIComponent(number)}`)));
      } catch (error) {
        body.replaceChildren(el("p", { class: "composer-error", text: `${error.message}。` }));
      }
    });
    return el("li", { class: "plain" }, detail);
  });
}

function itemFacts(item) {
  const rows = [
    ["问题", item.title ?? item.text],
    ["状态", item.state],
    ["责任单位", item.unit],
    ["责任人", item.person],
    ["督办专员", item.supervisor],
    ["提出人", item.raised_by],
    ["办结时限", item.due_at ? momentText(item.due_at) : null],
    ["下次反馈", item.feedback_due_at ? momentText(item.feedback_due_at) : null],
  ].filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el("dl", { class: "facts" }, ...rows.flatMap(([label, value]) => [el("dt", { text: label }), el("dd", { text: value })]));
}

/** Plan curve and reported figures over the twelve months, with the same numbers as a table. */
function chart(record, plan) {
  const width = 300;
  const height = 96;
  const top = Math.max(plan.plan_fen, record.ytd_fen, ...plan.curve) || 1;
  const y = (fen) => (height - 4 - ((height - 12) * fen) / top).toFixed(1);
  const x = (month) => (4 + ((width - 8) * month) / 12).toFixed(1);
  const planned = [0, ...plan.curve].map((fen, month) => `${x(month)},${y(fen)}`).join(" ");
  const points = record.entries
    .filter((entry) => entry.ytd_fen !== null && !entry.undone_at && entry.year === plan.year)
    .map((entry) => [entry.as_of, entry.ytd_fen]);
  if (record.ytd_as_of && record.figure_year === plan.year) points.push([record.ytd_as_of, record.ytd_fen]);
  const byDay = [...new Map(points)].sort(([one], [other]) => (one < other ? -1 : 1));
  const place = ([day, fen]) => [x(monthOf(day)), y(fen)];
  const line = [["4.0", y(0)], ...byDay.map(place)].map((point) => point.join(",")).join(" ");
  const drawing = svg(
    "svg",
    { class: `chart ${lightClass(record.light)}`, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${plan.year}年计划曲线与实际累计，数字见下表` },
    ...[3, 6, 9].map((month) => svg("line", { class: "grid", x1: x(month), x2: x(month), y1: 4, y2: height - 4 })),
    svg("line", { class: "axis", x1: 4, x2: width - 4, y1: height - 4, y2: height - 4 }),
    svg("polyline", { class: "planned", points: planned }),
    ...(byDay.length > 0 ? [svg("polyline", { class: "actual", points: line })] : []),
    ...byDay.map((point) => {
      const [cx, cy] = place(point);
      return svg("circle", { class: "actual-point", cx, cy, r: 3 });
    }),
  );
  const table = el(
    "table",
    {},
    el("thead", {}, el("tr", {}, el("th", { scope: "col", text: "月份" }), el("th", { scope: "col", text: "计划累计（万元）" }), el("th", { scope: "col", text: "实际累计（万元）" }))),
    el(
      "tbody",
      {},
      ...plan.curve.map((fen, index) => {
        const month = String(index + 1).padStart(2, "0");
        const actual = byDay.filter(([day]) => day.slice(5, 7) === month).at(-1);
        return el("tr", {}, el("th", { scope: "row", text: `${index + 1}月` }), el("td", { text: wan(fen) }), el("td", { text: actual ? wan(actual[1]) : "" }));
      }),
    ),
  );
  return el(
    "figure",
    { class: "curve" },
    el("figcaption", {}, el("span", { class: "key planned-key", text: "计划" }), el("span", { class: "key actual-key", text: "实际" }), el("span", { class: "muted", text: `${plan.year}年累计，1月至12月` })),
    drawing,
    el("details", {}, el("summary", { text: "看数字" }), table),
  );
}

/** 0…12: how far into the year a day is, in months. */
function monthOf(day) {
  const [year, month, date] = day.split("-").map(Number);
  return month - 1 + date / new Date(Date.UTC(year, month, 0)).getUTCDate();
}
