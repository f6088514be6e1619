// Three things to try on the first visit. Each step fills in what to do and ticks itself off when it was done.

import { byId, el, icon } from "./dom.js";
import { keep, recall } from "./memory.js";
import { on, state } from "./state.js";
import { plainGroup } from "./wording.js";

const PERSON = "张伟";
const GROUP = "市政设施专班";
const REPORT = "城南污水处理厂累计完成投资5500万，主体结构封顶，设备开始安装";
const place = byId("guide");

/** ways: {fill(person, text), seeGroup(name)}. */
export function startGuide(ways) {
  const redraw = () => draw(ways);
  byId("group-select").addEventListener("change", () => {
    const told = steps(ways);
    if (told[1].done && state.group === GROUP) tick(2);
    draw(ways);
  });
  for (const topic of ["said", "me", "messages", "people", "reset"]) on(topic, redraw);
  byId("open-guide").addEventListener("click", () => {
    keep("guide", { closed: false, steps: [] });
    draw(ways);
    place.querySelector("button")?.focus();
  });
  draw(ways);
}

function steps(ways) {
  const told = state.said.filter((entry) => entry.from === PERSON && entry.chat === "private");
  const reported = told.some((entry) => entry.kind === "text" && entry.text.trim() !== "确认");
  const confirmed = told.some((entry) => (entry.kind === "press" ? entry.label : entry.text.trim()).startsWith("确认"));
  return [
    {
      title: `以${PERSON}身份报一条进度`,
      about: "像平时说话一样写，助手会读出项目、金额和形象进度，先给草稿，不直接改台账。",
      button: "填入示例", done: reported, go: () => ways.fill(PERSON, REPORT),
    },
    {
      title: "回「确认」，记入台账",
      about: "按草稿下面的按钮也一样。右侧台账里，这个项目的灯从黄变绿。",
      button: "填入“确认”", done: confirmed, go: () => ways.fill(PERSON, "确认"),
    },
    {
      title: `看群【${GROUP}】`,
      about: "灯变好了，收到过预警的群和领导都会收到一条通知。",
      button: "打开这个群", done: false, go: () => seeGroup(ways),
    },
  ];
}

function draw(ways) {
  const memory = recall("guide", { closed: false, steps: [] });
  // Its three steps need the people of the demonstration: with a roster of one's own there is nothing to show.
  const possible = state.people.some((one) => one.name === PERSON) && state.groups.some((one) => plainGroup(one.name) === GROUP);
  byId("open-guide").hidden = !possible;
  place.hidden = memory.closed || !possible;
  if (place.hidden) return;
  const all = steps(ways).map((step, index) => ({ ...step, done: step.done || memory.steps.includes(index) }));
  const done = all.flatMap((step, index) => (step.done ? [index] : []));
  if (done.length !== memory.steps.length) keep("guide", { closed: false, steps: done });
  const close = el("button", { class: "button quiet guide-close", type: "button", "aria-label": "收起引导", onclick: () => shut(ways) }, icon("close"));
  const next = all.find((step) => !step.done);
  const begun = done.length > 0;
  place.classList.toggle("slim", begun);
  if (next === undefined) {
    place.replaceChildren(
      el("p", { class: "guide-next" }, icon("check"), el("span", {}, el("b", { text: "三步走完。" }), finale())),
      el("button", { class: "button", type: "button", onclick: () => shut(ways), text: "知道了" }),
    );
  } else if (begun) {
    place.replaceChildren(
      el("p", { class: "guide-next" }, el("span", { class: "step-number", text: `${all.indexOf(next) + 1}/3` }), el("span", {}, el("b", { text: next.title }), el("small", { text: next.about }))),
      el("button", { class: "button primary", type: "button", onclick: next.go, text: next.button }),
      close,
    );
  } else {
    place.replaceChildren(
      el("div", { class: "guide-head" }, el("h3", { text: "第一次来？三步看懂专班助手" }), close),
      el("ol", { class: "guide-steps" }, ...all.map((step) => full(step, step === next))),
    );
  }
}

/** A step that nothing said or pressed can show as done. */
function tick(index) {
  const memory = recall("guide", { closed: false, steps: [] });
  keep("guide", { ...memory, steps: [...new Set([...memory.steps, index])].sort() });
}

function seeGroup(ways) {
  ways.seeGroup(GROUP);
  tick(2);
  draw(ways);
}

const full = (step, isNext) =>
  el(
    "li",
    { class: isNext ? "now" : null },
    el("div", {}, el("b", { text: step.title }), el("small", { text: step.about })),
    el("button", { class: `button${isNext ? " primary" : ""}`, type: "button", onclick: step.go, text: step.button }),
  );

const finale = () =>
  document.body.dataset.simulated === "yes"
    ? "再按上方「到下一个工作日早上」，看助手怎样按时推送、催办；「全部消息」里能看到谁收到了什么。"
    : "「全部消息」里能看到谁收到了什么、为什么。";

function shut(ways) {
  keep("guide", { ...recall("guide", { steps: [] }), closed: true });
  draw(ways);
  byId("private-text").focus();
}
