"""What the fields of the policy are called, for the operator who reads and sets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from models.rules import levels
from models.rules.ladder import LadderPolicy, Step
from models.rules.policy import Policy
from models.rules.ranking import Part
from models.types import DocumentKind


def _rung_words(step: Step) -> str:
    when = "到期前第几个工作日（写负数）" if step.workdays < 0 else "逾期第几个工作日"
    return f"阶梯：{step.name.value}（{when}）"


WORDS: Final[Mapping[str, str]] = {
    "lights.mode": "亮灯口径（points 按差距百分点，ratio 按完成率与时序之比）",
    "lights.yellow_at": "落后多少个百分点起为黄灯（含）",
    "lights.red_above": "落后超过多少个百分点为红灯",
    "lights.ratio_yellow_below": "ratio 口径：低于时序的百分之几为黄灯",
    "lights.ratio_red_below": "ratio 口径：低于时序的百分之几为红灯",
    "lights.schedule": "时序进度（curve 项目月度计划，linear 按月均摊，table 统一比例表）",
    "lights.table": "统一比例表：1 月到 12 月累计百分比",
    "lights.closed_months_only": "只按已过完的月份计算",
    "lights.from_planned_start": "新开工项目从计划开工月起算",
    "lights.start_yellow_after_months": "未开工：计划开工起第几个月后为黄灯",
    "lights.start_red_after_months": "未开工：计划开工起第几个月后为红灯",
    "lights.completion_yellow_after_days": "未竣工：超过计划竣工多少天为黄灯",
    "lights.completion_red_after_days": "未竣工：超过计划竣工多少天为红灯",
    "lights.stale_after_days": "多少天没有上报为未更新（null 不计）",
    **{f"signing.{kind.value}": f"谁能签发{kind.value}" for kind in DocumentKind},
    **{f"ladder.{step.name.value}": _rung_words(step) for step in LadderPolicy().steps},
    "awards.praise_score": "表扬：月度考评得分不低于多少分",
    "awards.praise_one_in": "表扬：每多少名取一名（至少一名）",
    "awards.press_below": "督促：得分低于多少分（末位也督促）",
    "awards.full_score": "激励倾斜四项：年度得分不低于多少分",
    "awards.full_one_in": "激励倾斜四项：每多少名取一名（至少一名）",
    "awards.part_score": "激励倾斜前两项：年度得分不低于多少分",
    **{f"levels.{number}": f"层级 {number} 级" for number in range(levels.COUNT)},
    **{f"weights.{part.value}": f"考评权重：{part.value}（%，各项合计100）" for part in Part},
    "yellow_feedback_workdays": "黄灯反馈期限（工作日）",
    "red_feedback_workdays": "红灯反馈期限（工作日）",
    "acknowledge_workdays": "已阅期限（工作日）",
    "acknowledge_report_workdays": "未阅报综合专班（工作日）",
    "snooze_workdays": "稍后提醒（工作日）",
    "red_days_notice": "连续红灯多少天提醒",
    "red_days_proposal": "连续红灯多少天建议提级",
    "red_days_meeting": "连续红灯多少天建议上会",
    "adjustment_days": "调灯最长（天）",
    "adjustment_reminder_workdays": "调灯到期前提醒（工作日）",
    "receipt_workdays": "签收期限（工作日）",
    "receipt_report_workdays": "未签收报综合专班（工作日）",
    "item_feedback_workdays": "事项反馈间隔（工作日）",
    "extension_workdays": "每次延期最长（工作日）",
    "most_extensions": "最多延期几次，之后提级",
    "reopen_days": "销号后可重开（天）",
    "effect_workdays": "销号后跟踪问效（工作日）",
    "reminder_reply_workdays": "提醒函拟定的反馈限期（工作日）",
    "supervision_reply_workdays": "督办函拟定的反馈限期（工作日）",
    "objection_workdays": "考评初稿异议期（工作日）",
    "question_minutes": "追问有效（分钟）",
    "attachment_minutes": "附件等待说明（分钟）",
    "undo_minutes": "可撤销（分钟）",
    "repeat_hours": "同一数字再报算重复（小时）",
    "group_per_minute": "一个群每分钟最多几条",
    "soon_workdays": "临近到期（工作日）",
    "wrong_codes": "绑定码最多错几次",
    "wrong_code_block_minutes": "错码后停用（分钟）",
    "unbound_attempts_reported": "未绑定账号几次求助后报管理员",
}


def flat(policy: Policy) -> dict[str, object]:
    """Every field by its full name (lights.yellow_at), in the order of WORDS, as stored."""
    stored = dict(_walk("", policy.to_json()))
    return {name: stored[name] for name in WORDS}


def _walk(path: str, data: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from _walk(f"{path}{name}.", value)
        elif path + name == "levels" and isinstance(value, list):
            yield from ((f"levels.{number}", one) for number, one in enumerate(value))
        else:
            yield path + name, value


def shown(value: object) -> str:
    """A stored value as the operator reads it."""
    if value is None:
        return "不计"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return levels.told(value)
    if isinstance(value, list):
        return "、".join(map(str, value)) or "无"
    return str(value)
