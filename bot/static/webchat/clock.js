// The clock: shown always, moved forward only where it is simulated.

import { ApiError, call } from "./api.js";
import { byId, el, icon } from "./dom.js";
import { lastSeq, state, tell } from "./state.js";
import { momentText, shanghaiNow } from "./wording.js";

const simulated = document.body.dataset.simulated === "yes";
const strip = byId("strip");

export async function loadClock() {
  show(await call("clock"));
}

function show(clock) {
  state.now = clock.now;
  face(clock.now);
  if (!simulated) return;
  offer(byId("clock-morning"), clock.next_morning);
  offer(byId("clock-event"), clock.next_event);
  const free = byId("clock-to");
  free.min = clock.now.slice(0, 16);
  if (!free.value || free.value < free.min) free.value = free.min;
}

function face(now) {
  const node = byId("clock-now");
  node.replaceChildren(el("span", { class: "year", text: `${now.slice(0, 4)}年` }), momentText(now));
  node.dateTime = now;
}

function offer(button, moment) {
  button.dataset.to = moment ?? "";
  button.disabled = !moment;
  button.querySelector("small").textContent = moment ? momentText(moment) : "没有等着的事";
}

/** seeSent: opens the list of messages that went out since the clock was moved. */
export function startClock(seeSent) {
  if (!simulated) {
    const tick = () => {
      state.now = shanghaiNow();
      face(state.now);
    };
    tick();
    setInterval(tick, 5000);
    return;
  }
  const controls = byId("clock-controls");
  const toggle = byId("clock-toggle");
  const open = (wanted) => {
    toggle.setAttribute("aria-expanded", String(wanted));
    controls.classList.toggle("open", wanted);
  };
  toggle.addEventListener("click", () => open(toggle.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".clock")) open(false);
  });
  byId("clock-controls").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && controls.classList.contains("open")) {
      open(false);
      toggle.focus();
    }
  });
  const go = async (to, button) => {
    await move(to, button, seeSent);
    open(false);
  };
  for (const id of ["clock-morning", "clock-event"]) {
    byId(id).addEventListener("click", (event) => go(event.currentTarget.dataset.to, event.currentTarget));
  }
  byId("clock-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const value = byId("clock-to").value;
    if (!value) return say("请填写日期和时间。", { bad: true });
    const minute = value.slice(0, 16);
    // The minute that is shown includes the seconds the clock already stands at.
    go(state.now && minute === state.now.slice(0, 16) ? state.now : `${minute}:00+08:00`, byId("clock-form").querySelector("button"));
  });
}

async function move(to, button, seeSent) {
  if (!to) return;
  const buttons = [...document.querySelectorAll(".clock-controls button")];
  const before = lastSeq();
  for (const one of buttons) one.disabled = true;
  strip.replaceChildren(el("p", { class: "strip-line" }, el("span", { class: "spinner", "aria-hidden": "true" }), `正在走到 ${momentText(to)}，途中到期的事依次办理……`));
  try {
    const done = await call("clock", { body: { now: to }, timeout: 600_000 });
    state.now = done.now;
    state.since = before;
    report(done, seeSent);
    tell("since");
    tell("acted");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    say(`时间没有调成：${error.message}。`, { bad: true });
    if (error.status === 401) tell("token", error.message);
  } finally {
    for (const one of buttons) one.disabled = false;
    await loadClock().catch(() => {});
    if (document.activeElement === document.body) button.focus();
  }
}

function report(done, seeSent) {
  const counts = new Map();
  for (const { job } of done.jobs) counts.set(job, (counts.get(job) ?? 0) + 1);
  const line = el(
    "p",
    { class: "strip-line" },
    icon("check"),
    el("span", {}, "已到 ", el("strong", { text: momentText(done.now) }), `：办理 ${done.jobs.length} 项定时任务，发出 ${done.sent} 条消息。`),
  );
  const buttons = [];
  if (done.sent > 0) buttons.push(el("button", { class: "button", type: "button", onclick: seeSent, text: "看发出的消息" }));
  const detail =
    counts.size > 0
      ? el(
          "details",
          { class: "strip-jobs" },
          el("summary", { text: "任务明细" }),
          el("ul", {}, ...[...counts].map(([job, count]) => el("li", { text: count > 1 ? `${jobText(job)} ×${count}` : jobText(job) }))),
        )
      : null;
  strip.replaceChildren(line, ...[detail].filter(Boolean), ...buttons, closeButton());
}

function say(words, { bad = false } = {}) {
  strip.replaceChildren(el("p", { class: `strip-line${bad ? " bad" : ""}`, text: words }), closeButton());
}

const closeButton = () =>
  el("button", { class: "button quiet strip-close", type: "button", "aria-label": "收起", onclick: () => strip.replaceChildren() }, icon("close"));

// Jobs bring their titles with the page; these are the deadlines of single records that fell due.
const TIMERS = {
  draft_reminder: "草稿提醒",
  draft_expiry: "草稿到期",
  item_receipt_reminder: "签收提醒",
  item_receipt_report: "逾期未签收报告",
  item_ruling_reminder: "裁定提醒",
  item_due_passed: "办结时限已过",
  light_acknowledge_reminder: "已阅提醒",
  light_acknowledge_report: "逾期未阅报告",
  light_checkpoint: "承诺节点核对",
  light_adjustment_reminder: "调灯到期提醒",
  ladder_rung: "反馈催办",
};
const JOBS = JSON.parse(document.body.dataset.jobs);
const jobText = (job) => JOBS[job]?.replace(/（.*）$/, "") ?? TIMERS[job] ?? "到期事项";
