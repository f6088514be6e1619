"""/调灯 SG0012 绿 至 2026-11-06 原因 …: only 综合专班负责人 (rule E14)."""

import re

from handlers import access, attachments
from handlers.context import Context
from handlers.lights.light_words import AdjustmentWords, adjustment_words, split_code
from handlers.verbs import Command, Order
from models.errors import NotUnderstood, WordsMissing
from models.notices.lights import AdjustmentMade
from models.operations import ledger, light_adjustments
from models.queries import lights
from models.rules import calendar
from models.types import Light, Role

EXAMPLES = ("/调灯 SG0012 绿 至 2026-11-06 原因 用地批复流程中（附受理通知）",)


def run(context: Context, args: str) -> None:
    mention, rest = split_code(args)
    if not mention:
        raise NotUnderstood("", examples=EXAMPLES)
    project = access.project(context, mention)
    head = access.require_role(context, Role.HUB_HEAD, act=f"调灯 {project.code}", who=light_adjustments.WHO)
    said = adjustment_words(rest, context.desk.today, context.directory.calendar)
    if said.light is None and said.until is None:
        raise NotUnderstood(rest[:20], examples=EXAMPLES)
    if said.light is None:
        raise WordsMissing("没有写调成什么灯", mend="请回：绿、黄或红")
    if context.message.files:
        attachments.keep(context)
    evidence = [attachment.id for attachment in attachments.waiting(context)]
    if said.until is None:
        raise _missing(context, said, has_evidence=bool(evidence or said.document))
    desk = context.act_for(head)
    row = light_adjustments.adjust(
        desk, ledger.project_row(desk, project.id), said.light, until=said.until, reason=said.reason,
        evidence=evidence, document=said.document,
    )  # fmt: skip
    state = lights.state(context.session, project.id)
    assert state is not None  # 调灯 stands on a computed light
    context.say(
        AdjustmentMade(
            code=project.code, name=project.name, light=said.light, computed=Light(state.computed),
            until=row.until, remind_on=light_adjustments.remind_on(desk, row),
        )
    )  # fmt: skip


def _missing(context: Context, said: AdjustmentWords, *, has_evidence: bool) -> WordsMissing:
    """The end date, and what else is missing, in one question (rule C4)."""
    gaps = ["截止日期", *([] if said.reason else ["原因"]), *([] if has_evidence else ["依据"])]
    until = calendar.days_ahead(context.desk.today, 14)
    example = f"例：至 {until}" + ("" if said.reason else " 原因 用地批复流程中")
    paper = "" if has_evidence else "；依据请附文件或写明文号"
    return WordsMissing(f"调灯还缺{'、'.join(gaps)}", mend=example + paper, lead="至", files=not has_evidence)


COMMAND = Command(
    "调灯", summary="调整亮灯（综合专班负责人，须有依据）", usage=EXAMPLES[0], run=run,
    order=Order.OF_NAME,
    may=lambda context: access.holds(context, Role.HUB_HEAD),
    said=re.compile(
        r"(?:请)?(?:把|将)?(?P<args>[A-Za-z]{2}\d{4}\s?的?灯?\s?调(?:整?[为成到])?[红黄绿]灯?(?:[\s:：,，至到].*)?)",
        re.DOTALL,
    ),
)  # fmt: skip
