"""/交接 白石县联络员 李娜 → 周航 (rule B7)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access, naming
from handlers.context import Context
from handlers.verbs import Command
from models.errors import Invalid, NotUnderstood
from models.operations import handover
from models.queries.directory import PersonInfo, PostInfo
from models.types import Role

EXAMPLE: Final = "/交接 白石县联络员 李娜 → 周航"
_ARROW: Final = re.compile(r"\s*(?:→|->|=>|－>|—>|⇒|>|交接给|移交给|交给|移交|给|至|到)\s*")


def run(context: Context, args: str) -> None:
    hub = access.require_hub(context, "办理交接")
    parts = _ARROW.split(args.strip(), maxsplit=1)
    if len(parts) != 2 or not parts[0].strip() or not parts[1].strip():
        raise NotUnderstood(args.strip()[:20], examples=(EXAMPLE, "/交接 李娜 → 周航"))
    organisation_id = hub.organisation_id
    duty, old = _duty_and_person(context, organisation_id, parts[0])
    new = _one(context, organisation_id, parts[1])
    posts = _posts(context, old, duty)
    words = "、".join(handover.post_words(context.desk, post) for post in posts)
    desk = context.act_for(hub)
    context.say_privately(handover.hand_over(desk, old, new, posts, what=words or duty))


def _one(context: Context, organisation_id: int, text: str) -> PersonInfo:
    """The person that a text names, alone. Raises Invalid for nobody, and naming the namesakes (rule B1).

    综合专班 alone gets here, which sees the whole roster of its organisation: which name is not there is no secret.
    """
    found = naming.people_named(context.directory, organisation_id, text)
    if not found:
        raise Invalid(
            f"名册上没有「{text.strip()[:20]}」", mend="请核对姓名和单位；新人请先导入名册，再办交接"
        )
    if len(found) > 1:
        names = "、".join(one.label for one in found)
        raise Invalid(f"有{len(found)}位：{names}", mend="请写明姓名和单位")
    return found[0]


def _duty_and_person(context: Context, organisation_id: int, text: str) -> tuple[str, PersonInfo]:
    """「白石县联络员 李娜」: the duty is what stands before the name; empty for all of them."""
    person = _one(context, organisation_id, text)
    place = text.rfind(person.name)
    duty = text[:place].strip(" ：:，,的")
    after = text[place + len(person.name) :].strip(" ：:，,的")
    return duty or (after if not after.startswith(("(", "（")) else ""), person


def _posts(context: Context, person: PersonInfo, duty: str) -> tuple[PostInfo, ...]:
    """The posts that a duty names: by role, by body, or both; all of them for none."""
    words = duty.replace(" ", "")
    if not words:
        return person.posts
    named = [post for post in person.posts if handover.post_words(context.desk, post) == words]
    if named:
        return _with_ledger(context, person, named)
    roles = [role for role in Role if role.value in words]
    body = words
    for role in roles:
        body = body.replace(role.value, "")
    body = body.removesuffix("职责").removesuffix("专班")
    found = [
        post
        for post in person.posts
        if (not roles or post.role in roles) and (not body or body in handover.post_words(context.desk, post))
    ]
    if not found and "专班" in words:
        found = [post for post in _of_lead_unit(context, person, body) if not roles or post.role in roles]
    return _with_ledger(context, person, found)


def _of_lead_unit(context: Context, person: PersonInfo, body: str) -> list[PostInfo]:
    """「市政设施专班联络员」: who serves the unit that leads a 专班 without an own 联络员 serves the 专班 (rule E9)."""
    leads = {
        unit_id
        for one in context.directory.task_forces.values()
        if one.organisation_id == person.organisation_id and body and body == one.name.removesuffix("专班")
        for unit_id in one.lead_ids
    }
    return [post for post in person.posts if post.unit_id in leads]


def _with_ledger(context: Context, person: PersonInfo, posts: list[PostInfo]) -> tuple[PostInfo, ...]:
    """With the post of 综合专班联络员 goes that of the ledger, which is one of its duties (rules B7, B10)."""
    hub = context.directory.hub(person.organisation_id)
    leads = hub is not None and any(
        post.role is Role.LIAISON and post.task_force_id == hub.id for post in posts
    )
    if not leads:
        return tuple(posts)
    ledger = [post for post in person.posts if post.role is Role.LEDGER_ADMIN and post not in posts]
    return (*posts, *ledger)


COMMAND = Command(
    "交接",
    summary="人员调整，职责交接给接任人",
    usage=EXAMPLE,
    run=run,
    may=access.in_hub,
    said=re.compile(
        r"交接[\s:：]?(?P<args>\S{0,16}(?:联络员|带班领导|责任人|督办专员|台账管理员|负责人)\s?\S{2,16}?\s?(?:→|->|=>|—>|交给|给|至|到)\s?\S{2,16})"
    ),
)
