"""「ZX0031 增加类别 省市重点」: a change of categories is drafted, then confirmed (rules B10, C1, C16; S75)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.draft_reach import whose_right
from models.errors import Invalid
from models.notices.ledger_views import CategoriesChanged, CategoriesDraft
from models.operations import categories, drafts
from models.queries import item_parties
from models.queries.directory import CategoryInfo, ProjectInfo
from models.tables.drafts import Draft
from models.types import DraftKind, DraftState

_SAID: Final = re.compile(
    r"^(?P<project>.{2,40}?)[\s，,：:的]*(?P<act>增加|新增|添加|加上|去掉|删除|删去|取消|移出)[\s]*(?:项目)?类别[\s：:为]*(?P<names>.{2,40})$"
)
_REMOVES: Final = frozenset({"去掉", "删除", "删去", "取消", "移出"})
_BETWEEN: Final = re.compile(r"[、，,；;和及\s]+")


def asked(context: Context, text: str) -> bool:
    """Draft the change that a text asks for; False for any other text."""
    said = _SAID.match(text.strip().rstrip("。.！!"))
    if said is None:
        return False
    found = access.candidates(context, said["project"].strip())
    if len(found) != 1:
        return False
    project = found[0]
    categories.check(context.act_for(access.hub_member(context)), project)
    named = [_named(context, project, part) for part in _BETWEEN.split(said["names"].strip()) if part]
    before = set(project.category_ids)
    ids = {one.id for one in named}
    after = before - ids if said["act"] in _REMOVES else before | ids
    if after == before:
        words = "、".join(one.name for one in named)
        raise Invalid(
            f"{project.code} {'本来就不' if said['act'] in _REMOVES else '已'}属于{words}，没有变化"
        )
    if not after:
        raise Invalid(f"{project.code} 至少要有一个类别", mend="请先增加新的类别，再去掉旧的")
    draft = drafts.open_draft(
        context.desk,
        context.sender,
        DraftKind.CATEGORY,
        {"project": project.id, "before": sorted(before), "after": sorted(after)},
        group_id=context.group_id,
        source=context.message.message_id,
    )
    show(context, draft)
    return True


def _named(context: Context, project: ProjectInfo, text: str) -> CategoryInfo:
    own = [
        one for one in context.directory.categories.values() if one.organisation_id == project.organisation_id
    ]
    for one in own:
        if text.strip("“”") in (one.name, *one.aliases):
            return one
    raise Invalid(f"没有类别「{text[:12]}」", mend=f"现有：{'、'.join(one.name for one in own)}")


def show(context: Context, draft: Draft) -> None:
    project = context.directory.projects[int(draft.body["project"])]
    context.say(
        CategoriesDraft(
            draft.id,
            draft.version,
            draft.number,
            project.code,
            project.name,
            _names(context, draft.body["before"]),
            _names(context, draft.body["after"]),
        )
    )


def _names(context: Context, ids: list[int]) -> tuple[str, ...]:
    return tuple(context.directory.categories[number].name for number in ids)


def edit(_context: Context, _draft: Draft, _text: str) -> bool:
    return False


def confirm(context: Context, draft: Draft) -> None:
    """The change enters the ledger; where the categories changed in between, the new baseline is shown (C14)."""
    project = context.directory.projects[int(draft.body["project"])]
    desk = context.act_for(
        whose_right(
            context,
            draft,
            lambda person: item_parties.is_hub(context.directory, person),
            act=f"修改 {project.code} 的类别",
            who=categories.WHO,
        )
    )
    now = sorted(project.category_ids)
    if now != draft.body["before"]:
        added = set(draft.body["after"]) - set(draft.body["before"])
        gone = set(draft.body["before"]) - set(draft.body["after"])
        body = {**draft.body, "before": now, "after": sorted((set(now) | added) - gone)}
        drafts.edit(context.desk, draft, body)
        show(context, draft)
        return
    before, after = categories.change(desk, project, draft.body["after"])
    drafts.close(desk, draft, DraftState.CONFIRMED)
    context.say(CategoriesChanged(project.code, project.name, before, after))
