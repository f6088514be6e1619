"""Weekly feedback given by button or by word (rules C19, I1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.router import Verb
from models.errors import Invalid
from models.notices.weekly import WeeklyGenerated, WeeklyUnchanged
from models.operations import weekly
from models.queries import weekly as queries
from models.queries.directory import PersonInfo

Args = Mapping[str, str | int]


def _giver(context: Context) -> PersonInfo:
    """The sender, or the principal they stand in for who gives weekly feedback (rule B6)."""
    people = access.own_and_principals(context)
    return next((one for one in people if queries.bodies_of(context.directory, one)), people[0])


def unchanged(context: Context) -> None:
    """「本周无变化」 typed, or the button."""
    person = _giver(context)
    given = weekly.unchanged(context.act_for(person), person)
    context.say(
        WeeklyUnchanged(
            period=queries.period_name(given.week),
            bodies=tuple(body.name for body in given.bodies),
            projects=tuple(f"{one.code} {one.name}" for one in given.projects),
            at=context.now,
            late=given.late,
        )
    )


def press_unchanged(context: Context, args: Args, _text: str) -> None:
    _check_period(context, args)
    unchanged(context)


def generate(context: Context, args: Args, _text: str) -> None:
    """[从台账生成]"""
    _check_period(context, args)
    person = _giver(context)
    _generated(context, weekly.generate(context.act_for(person), person), "")


def add(context: Context, args: Args, text: str) -> None:
    """[补充]: next week's plan in the person's own words."""
    _check_period(context, args)
    person = _giver(context)
    _generated(context, weekly.write(context.act_for(person), person, text), text.strip())


def _generated(context: Context, given: weekly.Given, plan: str) -> None:
    lines = tuple(
        f"{body.name} 本周：{text.partition(chr(10))[0]}"
        for body, text in zip(given.bodies, given.texts, strict=True)
    )
    context.say(
        WeeklyGenerated(
            period=queries.period_name(given.week),
            period_first=given.week.first.isoformat(),
            lines=lines,
            submitted_at=context.now,
            late=given.late,
            plan=plan,
        )
    )


def _check_period(context: Context, args: Args) -> None:
    """A card of an earlier week gives nothing for this one."""
    week = weekly.period(context.desk, _giver(context))
    if str(args["period"]) != week.first.isoformat():
        raise Invalid("这张卡片是以前一周的", mend="本周情况请回「本周无变化」或直接发送")


VERBS: Final[Mapping[str, Verb]] = {
    "weekly.generate": generate,
    "weekly.unchanged": press_unchanged,
    "weekly.add": add,
}
