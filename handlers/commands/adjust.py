"""/调灯 SG0012 绿 至 2026-11-06 原因 …: only 综合专班负责人 (rule E14)."""

from handlers import access, attachments
from handlers.context import Context
from handlers.light_words import adjustment_words, split_code
from handlers.verbs import Command
from models.errors import NotUnderstood
from models.notices.lights import AdjustmentMade
from models.operations import ledger, light_adjustments
from models.queries import lights
from models.types import Light, Role

EXAMPLES = ("/调灯 SG0012 绿 至 2026-11-06 原因 用地批复流程中（附受理通知）",)


def run(context: Context, args: str) -> None:
    mention, rest = split_code(args)
    if not mention:
        raise NotUnderstood("", examples=EXAMPLES)
    project = access.project(context, mention)
    head = access.require_role(context, Role.HUB_HEAD, act=f"调灯 {project.code}", who=light_adjustments.WHO)
    said = adjustment_words(rest, context.desk.today, context.directory.calendar)
    if said.light is None or said.until is None:
        raise NotUnderstood(rest[:20], examples=EXAMPLES)
    if context.message.files:
        attachments.keep(context)
    evidence = [attachment.id for attachment in attachments.waiting(context)]
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


COMMAND = Command(
    "调灯", summary="调整亮灯（综合专班负责人，须有依据）", usage=EXAMPLES[0], run=run,
    may=lambda context: access.holds(context, Role.HUB_HEAD),
)  # fmt: skip
