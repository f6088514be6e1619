"""协办: tasks added to an item, reported as done, waived (rule F11)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.dispatches import assist_words
from handlers.understanding.asking import is_question
from handlers.verbs import Verb
from models.errors import Invalid, NotFound
from models.notices.items import ItemDone
from models.operations import item_assists as assists
from models.operations import items
from models.operations.item_assists import NewAssist
from models.queries import item_parties
from models.queries import item_tasks as task_queries
from models.rules import calendar
from models.rules.items import ItemAct, Party
from models.tables.items import Item, ItemAssist

Args = Mapping[str, str | int]

# 「W0191 协办任务已完成，水源已核定」 of who only assists.
_DONE: Final = re.compile(
    r"的?协办(?:任务|工作|事项)?(?:我们|都|也|已经?|全部)*(?:完成|办[完好])了?(?:$|[\s:：,，。;；]+)(?P<how>.*)",
    re.DOTALL,
)
_WAIVED: Final = re.compile(r"^的?协办(?:任务)?[\s:：,，]*")  # 「免除 W0191 的协办 供电公司 …」


def add(context: Context, item: Item, text: str) -> None:
    """/协办 W0191 临河区住建局 现场消防水源整改 时限 10月10日, by 综合专班."""
    desk = item_access.desk_for(context, item, ItemAct.ADD_ASSIST)
    example = f"例：/协办 {item.number} 临河区住建局 现场消防水源整改 时限 10月10日"
    said = assist_words.helpers_in(context.directory, item.organisation_id, text, today=desk.today)
    if not said:
        raise Invalid("请写明协办单位和任务", mend=example)
    for one in said:
        if one.person is None:
            raise Invalid(f"{one.unit_name}没有联络员", mend=f"请写明责任人，{example} 责任人 姓名")
    made = assists.assign(
        desk,
        item,
        [
            NewAssist(
                one.unit.id,
                one.unit_name,
                one.person.id,
                one.task or assists.default_task(item.goal or item.title),
                calendar.deadline(one.due) if one.due else None,
            )
            for one in said
            if one.person is not None
        ],
    )
    people = [context.directory.people[one.person_id].label for one in made]
    names = "、".join(one.unit_name for one in made)
    context.say(ItemDone(items.facts(desk, item), act=f"增加协办 {names}", told="、".join(people)))


def finish(context: Context, item: Item, text: str) -> None:
    """完成协办 of the sender's own task."""
    mine = own_open(context, item)
    item_access.desk_for(context, item, ItemAct.FINISH_ASSIST)
    if not mine:
        raise Invalid(f"{item.number} 没有您待完成的协办任务", mend=f"查看请发 /问题 {item.number}")
    if len(mine) > 1:
        found = [one for one in mine if one.unit_name in text or one.task in text]
        if len(found) != 1:
            names = "、".join(f"{one.unit_name}「{one.task}」" for one in mine)
            raise Invalid(f"您有 {len(mine)} 项协办：{names}", mend="请在消息中写明单位或任务")
        mine = found
    _finish(context, item, mine[0], text)


def finish_told(context: Context, item: Item, text: str) -> bool:
    """「协办任务已完成，…」: the task is reported as done; False for other words."""
    said = _DONE.match(text)
    if said is None or is_question(text):
        return False
    finish(context, item, said["how"] or text)
    return True


def own_open(context: Context, item: Item) -> list[ItemAssist]:
    """Open tasks of the item that are the sender's, or of somebody they stand in for."""
    people = access.own_and_principals(context)
    return [
        one
        for one in task_queries.open_assists(context.session, item.id)
        if any(
            person.id == one.person_id or item_parties.speaks_for(context.directory, person, one.unit_id)
            for person in people
        )
    ]


def only_assists(context: Context, item: Item) -> bool:
    """Whether the sender stands to the item as 协办 alone, so that 办结 of theirs is that of their task."""
    parties = item_access.parties(context, item)
    return Party.ASSISTING in parties and Party.RESPONSIBLE not in parties


def refuse_to_send_back(context: Context, item: Item) -> None:
    """Raises Invalid for who only assists: their task is waived or done, and goes to nobody else (rule F11)."""
    if own_open(context, item) and only_assists(context, item):
        raise Invalid(
            f"{item.number} 的协办任务不能退回", mend="请与督办专员联系：协办可由督办专员写明原因免除"
        )


def _finish(context: Context, item: Item, assist: ItemAssist, text: str) -> None:
    if assist not in own_open(context, item) and assist.state == assists.OPEN:
        item_access.desk_for(context, item, ItemAct.FINISH_ASSIST)
        raise Invalid(f"这项协办由{assist.unit_name}完成", mend="请由该单位报完成")
    desk = item_access.desk_for(context, item, ItemAct.FINISH_ASSIST)
    context.say(assists.finish(desk, item, assist, text))


def waive(context: Context, item: Item, text: str) -> None:
    """免除协办 W0191 [单位] 原因 …: the only open task, or the one whose unit is named."""
    desk = item_access.desk_for(context, item, ItemAct.WAIVE_ASSIST)
    left = task_queries.open_assists(context.session, item.id)
    if not left:
        raise Invalid(f"{item.number} 没有未完成的协办任务")
    named = [one for one in left if one.unit_name in text]
    named = named or [one for one in left if any(form in text for form in _short_forms(context, one))]
    if len(left) > 1 and len(named) != 1:
        names = "、".join(one.unit_name for one in left)
        raise Invalid(f"{item.number} 有 {len(left)} 项协办未完成：{names}", mend="请写明免除哪个单位")
    one = named[0] if len(named) == 1 else left[0]
    context.say(assists.waive(desk, item, one, _reason(context, text, one)))


def _short_forms(context: Context, assist: ItemAssist) -> tuple[str, ...]:
    """水利局 for 市水利局, the longest first; a county's bureau without a row of its own has none."""
    unit = context.directory.units[assist.unit_id]
    return tuple(sorted(unit.aliases, key=len, reverse=True)) if unit.name == assist.unit_name else ()


def _reason(context: Context, text: str, assist: ItemAssist) -> str:
    name = next((one for one in (assist.unit_name, *_short_forms(context, assist)) if one in text), "")
    words = _WAIVED.sub("", text).replace(name, "", 1).strip(" ，,：:").removeprefix("的")
    return words.removeprefix("原因").strip(" ，,：:")


# --- buttons


def _found(context: Context, args: Args) -> tuple[Item, ItemAssist]:
    item = item_access.by_id(context, int(args["item"]))
    assist = task_queries.assist_by_id(context.session, int(args["assist"]))
    if assist is None or assist.item_id != item.id:
        raise NotFound(item.number)
    return item, assist


def press_finish(context: Context, args: Args, text: str) -> None:
    """[完成协办]"""
    item, assist = _found(context, args)
    _finish(context, item, assist, text)


def press_waive(context: Context, args: Args, text: str) -> None:
    """[免除协办]"""
    item, assist = _found(context, args)
    desk = item_access.desk_for(context, item, ItemAct.WAIVE_ASSIST)
    context.say(assists.waive(desk, item, assist, _reason(context, text, assist)))


VERBS: Final[Mapping[str, Verb]] = {"assist.finish": press_finish, "assist.waive": press_waive}
