"""/绑定群: register this chat group for a task force, a county, a unit or the office (rules B5, B10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from handlers.context import Context
from handlers.verbs import PREFIXES, Command
from models.errors import Invalid, NotAllowed, NotFound, NotUnderstood
from models.notices.groups import GroupChangeAsked, GroupKnown, GroupRegistered
from models.operations import group_registration
from models.queries import groups
from models.queries.groups import Body
from models.types import ChatKind, Role

EXAMPLES: Final = ("/绑定群 水利专班", "/绑定群 青禾县", "/绑定群 市攻坚办")
_SURE: Final = "确认"


def run(context: Context, text: str) -> None:
    """Said in the group itself; what it would end is asked about first, unless 确认 stands behind the name."""
    _check_may(context)
    message = context.message
    if message.chat is not ChatKind.GROUP:
        raise Invalid("要登记哪个群，请在那个群里@助手发送", mend=f"例：@助手 {EXAMPLES[0]}")
    if not text:
        if context.group is None:
            raise NotUnderstood("要登记给谁", examples=EXAMPLES)
        context.say(GroupKnown(groups.registered_for(context.directory, context.group)))
        return
    sure = text.endswith(_SURE)
    name = text.removesuffix(_SURE).strip() if sure else text
    body = groups.body_named(context.directory, context.sender.organisation_id, name)
    if body is None:
        raise NotFound(name[:20])
    if context.group is not None and groups.is_of(context.group, body):
        context.say(GroupKnown(body.name))
        return
    here, there = _ended(context, body, message.way, message.chat_address)
    if (here or there) and not sure:
        context.say(
            GroupChangeAsked(
                body.name, here, there, message.way, message.chat_address, body.kind.value, body.id
            )
        )
        return
    _register(context, body, platform=message.way, address=message.chat_address)


def press_register(context: Context, args: Mapping[str, str | int], text: str) -> None:
    """The button 改登记: does what was asked, if that would still end the same."""
    del text
    _check_may(context)
    platform, address = str(args["platform"]), str(args["address"])
    house = context.sender.organisation_id
    body = groups.body_of(context.directory, house, str(args["kind"]), int(args["body_id"]))
    if body is None or _ended(context, body, platform, address) != (args["here"], args["there"]):
        raise Invalid("这个群的登记已经变了，这张卡不再有效", mend="需要改登记，请在群里重发 /绑定群 名称")
    _register(context, body, platform=platform, address=address)


def _check_may(context: Context) -> None:
    """Only the 系统管理员 of the organisation, and not about a group of another one."""
    asker = context.sender
    other = context.group is not None and context.group.organisation_id != asker.organisation_id
    if not asker.holds(Role.ADMINISTRATOR) or other:
        raise NotAllowed("登记群", who="本级系统管理员")


def _ended(context: Context, body: Body, platform: str, address: str) -> tuple[str, str]:
    """What registering would end: the body this chat is registered for, and the body's other chat there."""
    directory = context.directory
    now = directory.group_by_address.get((platform, address))
    if now is not None and now.organisation_id != context.sender.organisation_id:
        raise NotAllowed("登记群", who="本级系统管理员")
    others = [one for one in groups.addresses(directory, body, platform) if one != address]
    return (groups.registered_for(directory, now) if now is not None else "", others[0] if others else "")


def _register(context: Context, body: Body, *, platform: str, address: str) -> None:
    group = group_registration.register(context.desk, body, platform=platform, address=address)
    if (platform, address) == (context.message.way, context.message.chat_address):
        context.group = group  # the answer goes to it as the group that it is now
    context.say(GroupRegistered(body.name, context.sender.label))


VERBS: Final = {"group.register": press_register}

COMMAND = Command(
    name="绑定群",
    summary="把所在的群登记给专班、县区或市攻坚办（系统管理员）",
    usage="在要登记的群里：@助手 /绑定群 水利专班；改登记时加「确认」",
    run=run,
    aliases=("登记群",),
    unregistered=True,
    may=lambda context: context.sender.holds(Role.ADMINISTRATOR),
)


def opens_group(text: str) -> bool:
    """Whether a text is this command: the one thing that may be said where no group is known yet."""
    words = text.strip()
    return words != "" and words[0] in PREFIXES and words[1:].lstrip().startswith(COMMAND.names)
