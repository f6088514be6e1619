"""/通讯录: who leads and who is liaison in a task force or unit, and who somebody is (S71)."""

from __future__ import annotations

import re

from handlers.context import Context
from handlers.queries import projects
from handlers.verbs import Command
from models.errors import NotFound
from models.queries import people, taskforces
from models.types import ChatKind


def run(context: Context, text: str) -> None:
    """By task force, then unit, then person; without an argument the list of task forces.

    Raises NotFound also for what the asker may not see (rule B4). In a group no numbers are shown.
    """
    directory, asker = context.directory, context.sender
    phones = context.message.chat is ChatKind.PRIVATE
    if not text:
        context.say(people.address_book(directory, asker))
        return
    task_force = taskforces.by_name(directory, asker.organisation_id, text)
    if task_force is not None:
        if not people.may_see_task_force(directory, asker, task_force):
            raise NotFound(text[:20])
        context.say(people.task_force_contacts(directory, asker, task_force, phones=phones))
        return
    unit = directory.unit_named(asker.organisation_id, text)
    if unit is not None and people.may_see_unit(directory, asker, unit):
        context.say(people.unit_card(directory, asker, unit, phones=phones))
        return
    found = tuple(
        person
        for person in people.find(directory, text, organisation_id=asker.organisation_id)
        if people.may_see_person(directory, asker, person)
    )
    if not found:
        if projects.show(context, text):  # who is in charge of it stands on its page
            return
        raise NotFound(text[:20])
    context.say(people.people_found(directory, asker, found, phones=phones))


COMMAND = Command(
    name="通讯录",
    summary="查专班、单位的带班领导和联络员",
    usage="/通讯录；/通讯录 要素保障；/通讯录 市水利局；/通讯录 张伟",
    run=run,
    bare=True,
    said=re.compile(
        r"(?:请问|给我|查一?下?|看一?下?|问一?下?)?(?P<args>[一-鿿]{2,12}?)的?(?:通讯录"
        # 「住建局联络员是谁」, 「李娜电话多少」
        r"|(?:现在的?)?(?:联络员|带班领导|分管领导|联系人|对接人)的?(?:是谁|是哪位|是哪个|叫(?:什么|啥)|找谁|电话|联系方式|(?=[?？]))(?:是?多少)?"
        r"|(?:办公|联系)?(?:电话|手机号?码?|号码|联系方式)(?:是?多少|是什么|有(?:吗|没有)|给我)?)[呢吗呀\s?？。]*"
    ),
)
