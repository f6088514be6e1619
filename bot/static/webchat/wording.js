// Times, amounts and names as people read them. Times arrive as local ISO text (+08:00) and are never converted.

const WEEKDAYS = "日一二三四五六";

export function dayText(iso) {
  if (!iso) return "—";
  const [year, month, day] = iso.slice(0, 10).split("-").map(Number);
  return `${month}月${day}日 周${WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()]}`;
}

export const dateText = (iso) => dayText(iso).split(" ")[0];
export const timeText = (iso) => iso.slice(11, 16);
export const momentText = (iso) => (iso ? `${dayText(iso)} ${timeText(iso)}` : "—");
export const shortMoment = (iso) => (iso ? `${iso.slice(5, 10)} ${iso.slice(11, 16)}` : "—");
export const dateOnly = (iso) => (iso ? iso.slice(0, 10) : "—");

/** The wall clock in Shanghai as ISO text, for a product that runs on the real clock. */
export function shanghaiNow() {
  return `${new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 19)}+08:00`;
}

/** 分 as 万元: at most two decimals, trailing zeros dropped. Exact: whole 分 in, no floating point. */
export function wan(fen) {
  if (fen === null || fen === undefined) return "—";
  const sign = fen < 0 ? "-" : "";
  const rounded = (BigInt(Math.abs(fen)) + 5000n) / 10000n;
  const text = `${rounded / 100n}.${String(rounded % 100n).padStart(2, "0")}`;
  return sign + text.replace(/\.?0+$/, "");
}

/** part of whole in percent with two decimals, half up; null where there is no whole. */
export function percent(part, whole) {
  if (!Number(whole) || part === null || part === undefined) return null;
  const hundredths = (2n * BigInt(part) * 10000n + BigInt(whole)) / (2n * BigInt(whole));
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, "0")}`;
}

/** An exact share such as "47/80" in percent with two decimals, half up. */
export function fractionPercent(share) {
  const [above, below = "1"] = String(share).split("/");
  const negative = above.startsWith("-");
  return (negative ? "-" : "") + percent(negative ? above.slice(1) : above, below);
}

/** 0…100 for the width of a bar. */
export const share = (part, whole) => (whole ? Math.max(0, Math.min(100, (100 * part) / whole)) : 0);

export const LIGHTS = { 绿: "green", 黄: "yellow", 红: "red", 蓝: "blue" };

/** green, yellow, red or blue for 「绿」, 「绿(调)」 …; none for a project without a light. */
export const lightClass = (light) => LIGHTS[(light ?? "")[0]] ?? "none";

/** 绿灯, 绿灯(调), 无灯: the colour always comes with its word. */
export const lightText = (light) => (light ? `${light[0]}灯${light.slice(1)}` : "无灯");

export const GROUP_KINDS = { office: "攻坚办", task_force: "专班", region: "县区", unit: "单位" };

export const plainGroup = (name) => name.replace(/^【|】$/g, "");
export const groupText = (name) => `【${plainGroup(name)}】`;

const FIELDS = {
  ytd_fen: "累计完成投资（今年）",
  period_fen: "本期完成投资",
  period_name: "本期",
  period_as_of: "本期数据日期",
  prior_years_fen: "截至上年底累计",
  total_fen: "总投资",
  plan_fen: "年度计划",
  arrived_fen: "到位资金",
  allocated_fen: "拨付资金",
  paid_fen: "支付资金",
  funds_as_of: "资金数据日期",
  ytd_as_of: "数据日期",
  image_progress: "形象进度",
  image_progress_as_of: "形象进度日期",
  stage: "建设阶段",
  planned_start: "计划开工",
  planned_finish: "计划竣工",
  started_on: "实际开工",
  finished_on: "实际竣工",
  statistics_on: "入统日期",
  last_report_on: "最近上报",
  basis: "累计口径",
  light: "灯",
  owner: "建设单位",
  content: "建设内容",
  sponsor: "包联领导",
  industry: "行业",
  nature: "建设性质",
  tier: "梯次",
};
const BASES = { year: "今年以来", project: "开工以来" };

export const fieldText = (name) => FIELDS[name] ?? name;

/** A stored value of a named field, as shown. */
export function valueText(name, value) {
  if (value === null || value === undefined || value === "") return "（空）";
  if (name.endsWith("_fen") && Number.isInteger(value)) return `${wan(value)} 万元`;
  if (name === "basis") return BASES[value] ?? String(value);
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

export const ENTRY_KINDS = {
  report: "上报", unchanged: "无变化", correction: "更正", funds: "资金", undo: "撤销", import: "导入", image: "形象进度",
};
export const LIGHT_CAUSES = {
  daily: "每日研判", report: "上报", undo: "撤销", correction: "更正", adjustment: "调灯", import: "导入", funds: "资金",
};
export const CASE_STATES = { open: "待反馈", submitted: "反馈待审", accepted: "反馈已采纳", ended: "已结束" };
