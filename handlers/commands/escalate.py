"""/提级 W0190 2级 症结 …；责任部门 …；路径 …；时限 … (rules G2, G3); /提级 W0190 已报省 文号 … (rule O2)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.items import item_raising, province_reports
from handlers.naming import PROJECT_CODE
from handlers.verbs import Command, Order
from models.errors import Invalid, NotUnderstood
from models.operations import item_levels
from models.queries.items import NUMBER
from models.rules.escalation import PROVINCE
from models.rules.levels import CITY
from models.rules.province import says_sent
from models.tables.items import Item

EXAMPLE: Final = "/提级 W0190 2级"
_LEVEL: Final = re.compile(
    r"(?:提?[到至为])?\s*(?:(?P<level>[0-9一二两三四])\s*级"
    r"|(?P<named>分管副市长|副市长|专题会议?|市政府|常务副市长|省综合专班|省级|省里|省)(?=$|[\s:,;，。；]))"
)
_RISE: Final = r"(?:请|要|想|建议|申请|直接|把它|再)*(?:提升|上提|提|升)级?(?=[到至])"
# 「W0190 铁路局不批，请提到3级」: why, then where to.
_RISES: Final = re.compile(
    rf"(?P<args>县?\s?[Ww]\s?\d{{1,6}}(?!\d)[\s:,]*(?:[^。?？]{{1,40}}[\s,;])?{_RISE}[到至]"
    r"(?:第?[1-4一二两三四]级|分管副市长|副市长|专题会议?|市政府|常务副市长|省综合专班|省级|省里|省).*)",
    re.DOTALL,
)
_RISES_TO: Final = re.compile(rf"(?:^|[\s,;，；]){_RISE}")
_TOWARDS: Final = re.compile(r"^(?:提请|上报|提?[到至为]|报)\s*")
_ABOVE: Final = re.compile(r"(?:市里|市级|市攻坚办|市?综合专班|市专班|上级)(?:协调|办理)?(?=$|[\s:,;，。；])")
_DIGITS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4}
_BODIES: Final = (("省", PROVINCE), ("分管", 2), ("副市长", 2), ("", 3))


def run(context: Context, args: str) -> None:
    words = unicodedata.normalize("NFKC", args).strip()
    number = NUMBER.search(words)
    if number is None and (code := PROJECT_CODE.search(words)) is not None:
        project = access.project(context, code[0])
        raise Invalid(
            f"{project.code} 是项目，提级请写问题编号，例：{EXAMPLE}",
            mend=f"红灯满规定天数由助手拟提级建议，综合专班负责人回「同意提级 {project.code}」",
        )
    if number is None:
        raise NotUnderstood(
            "提级", examples=(EXAMPLE, f"{EXAMPLE} 症结 …；责任部门 …；路径 …；时限 10月20日")
        )
    item = item_access.item(context, number[0])
    rest = f"{words[: number.start()]} {words[number.end() :]}".strip(" :：,，;；")
    if says_sent(rest):
        province_reports.enter_sent(context, item, rest)
        return
    to_level, said = _wanted(context, item, rest)
    item_raising.start(context, item, to_level, said.lstrip(" :：,，;；"))


def _wanted(context: Context, item: Item, words: str) -> tuple[int, str]:
    """The level that is asked for, the next one where none is named, and what was said beside it.

    A county names the levels of its own chain, or just the city (rule Q3).
    """
    chain = item_levels.chain_of(context.desk, item)
    towards = _TOWARDS.sub("", words)
    named = chain.named(towards) if chain.levels != CITY else None
    if named is not None:
        return named
    if chain.own_top < PROVINCE and (city := _ABOVE.match(towards)) is not None:
        return chain.own_top + 1, towards[city.end() :]
    wanted = _LEVEL.match(words)
    if wanted is None and (rises := _RISES_TO.search(words)) is not None:
        before, words = words[: rises.start()], words[rises.end() :]
        wanted = _LEVEL.match(words)
        if before:  # 「只有省里能定，提到省级」 says why no level between can
            skips = wanted is not None and _level(wanted) == PROVINCE and "原因" not in before
            words = f"{words}，{'原因 ' if skips else ''}{before}"
    return (_level(wanted), words[wanted.end() :]) if wanted else (item.level + 1, words)


def _level(said: re.Match[str]) -> int:
    """「2级」, 「三级」, or the body that decides there: 分管副市长, 市政府, 省 (rule G1)."""
    if said["level"]:
        return _DIGITS.get(said["level"]) or int(said["level"])
    if said["named"] == "常务副市长":
        return 3
    return next(level for begins, level in _BODIES if said["named"].startswith(begins))


COMMAND = Command(
    "提级",
    summary="提请上一级协调问题",
    usage=EXAMPLE,
    run=run,
    order=Order.WISHED | Order.LAST,
    said=_RISES,
    bare=True,
    may=access.in_ledger,
)
