"""/绑定: bind an account with a one-time code, issue such a code, take accounts away (rules B1, B2)."""

from __future__ import annotations

import re
from typing import Final

from handlers import identity
from handlers.context import Context
from handlers.people import named
from handlers.verbs import Command
from models.errors import NotUnderstood
from models.notices.base import Notice
from models.notices.people import (
    AccountBound,
    AccountsUnbound,
    AlreadyBound,
    BindingBlocked,
    BindingCodeIssued,
    BindingRefused,
)
from models.notices.replies import NotBound
from models.operations import people
from models.operations.people import Blocked, Bound, WrongCode

_ISSUE: Final = ("发码", "发绑定码给", "发绑定码")
_UNBIND: Final = ("解除", "解绑")
_FOR_SOMEBODY: Final = re.compile(
    r"(?:请|麻烦|帮我?)?(?:给|为)(?P<name>[一-鿿]{2,4}(?:[(（].{2,12}[)）])?)(?:重新|再)?发(?:一?个|一下)?绑定码"
)
EXAMPLES: Final = ("/绑定 7K2Q9F", "/绑定 发码 张伟")


def run(context: Context, text: str) -> None:
    """Every answer goes to the sender alone: codes are nobody else's business."""
    if (said := _FOR_SOMEBODY.fullmatch(text)) is not None:
        text = f"{_ISSUE[0]} {said['name']}"
    for words, act in ((_ISSUE, _issue), (_UNBIND, _unbind)):
        for word in words:
            if text.startswith(word):
                if context.person is None:
                    identity.ask_to_bind(context)
                else:
                    act(context, text[len(word) :].strip())
                return
    if not text:
        if context.person is None:
            context.say_privately(NotBound())  # no attempt at anything that is not theirs to use (rule B2)
            return
        raise NotUnderstood("/绑定", examples=EXAMPLES)
    if context.person is not None:
        context.say_privately(AlreadyBound(context.person.label))
        return
    context.say_privately(_answer(people.bind(context.desk, context.account_id, text)))


def _answer(result: people.BindingResult) -> Notice:
    if isinstance(result, Bound):
        return AccountBound(result.person.label)
    if isinstance(result, WrongCode):
        return BindingRefused(result.left)
    assert isinstance(result, Blocked)
    return BindingBlocked(result.until)


def _issue(context: Context, name: str) -> None:
    person = named(context, name, command="/绑定 发码")
    issued = people.issue_code(context.desk, person, by=context.sender)
    context.say_privately(BindingCodeIssued(person.label, issued.code, issued.expires_at))


def _unbind(context: Context, name: str) -> None:
    person = named(context, name, command="/绑定 解除")
    count = people.unbind(context.desk, person, by=context.sender)
    context.say_privately(AccountsUnbound(person.label, count))


COMMAND = Command(
    name="绑定",
    summary="绑定本人账号，或给本单位人员发绑定码",
    usage="/绑定 码；/绑定 发码 姓名；/绑定 解除 姓名（系统管理员）",
    run=run,
    unbound=True,
    said=re.compile(
        rf"(?P<args>{_FOR_SOMEBODY.pattern}|发绑定码[:：,，\s]?给?[一-鿿]{{2,4}}(?:[(（].{{2,12}}[)）])?)"
    ),
)
