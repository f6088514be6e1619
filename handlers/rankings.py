"""[异议], [无异议], [采纳], [不采纳] of a monthly ranking; /通报 9月 (rules B10, I4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from handlers import access, attachments, document_access
from handlers.context import Context
from handlers.papers import documents
from handlers.verbs import Verb
from models.errors import Invalid, NotAllowed, NotFound
from models.notices.rankings import RankingObjected, RankingWaived
from models.operations import attachments as attachment_operations
from models.operations import ranking_lists, ranking_objections, rankings
from models.operations.desk import Desk
from models.operations.documents import WAITING
from models.queries import documents as queries
from models.queries.directory import PersonInfo
from models.queries.rankings import Month
from models.rules.money import FEN_PER_WAN
from models.rules.ranking import Part, Ratio
from models.tables.documents import Document
from models.types import DocumentState

Args = Mapping[str, str | int]
_CHANGE: Final = re.compile(
    r"(?P<part>投资|开工|办结|报送)(?:及时|率|分)?\s*(?:改为|改成|应为|为|[:：])?\s*(?P<done>\d[\d,]*(?:\.\d{1,2})?)\s*[/／]\s*"
    r"(?P<due>\d[\d,]*(?:\.\d{1,2})?)"
)
_OBJECTION: Final = re.compile(
    r"\s*对?(?:我[们县区局]?|(?P<body>[一-鿿]{2,8}[县区局委]))?对?的?(?:\d{1,2}月份?)?"
    r"(?:的?(?:考评|报送|排名|得分|通报|考核|投资|开工|办结|分数)(?:得分|结果|排名|进度|及时率|率|数)?)?"
    r"(?:提出?|有)?异议\s*[:：,，\s]\s*(?P<words>\S.*)$",
    re.DOTALL,
)
_AT_THE_END: Final = re.compile(  # 「12月22日系统故障，应该算及时的，我们有异议」
    r"\s*(?P<words>\S.{3,300}?)[,，。；;\s]\s*(?:我[们县区局]?|[本我]单位)?(?:对此|特此)?(?:提出?|有)异议[\s。.!！]*$",
    re.DOTALL,
)
_OF_A_BODY: Final = re.compile(
    r"\s*对?(?P<body>[一-鿿]{1,8}?[县区局委])的?(?:\d{1,2}月份?)?的?(?:考评|报送|排名|得分|考核|投资|开工|办结|分数|及时)"
)  # 「白石县报送及时率应为满分」
_MONTH: Final = re.compile(
    r"^(?:(?P<year>\d{4})年)?\s*(?P<month>\d{1,2})\s*月(?:份)?(?:排名|考评|通报)?(?P<again>\s*(?:重新起草|重新生成|重拟))?$"
)


def _document(context: Context, args: Args) -> Document:
    """The ranking of a button; who got its own line may object though the draft is not theirs to see."""
    found = queries.by_id(context.session, int(args["document"]))
    if found is None or found.template != rankings.TEMPLATE:
        raise NotFound(str(args["document"]))
    return found


def press_object(context: Context, args: Args, text: str) -> None:
    """[异议]"""
    document, key = _document(context, args), str(args["key"])
    if key not in document.body["tallies"]:
        raise NotFound(key)
    desk = _speaking(context, key)
    if (about := _OF_A_BODY.match(text)) is not None:
        _check_is_theirs(context, document, about["body"])
    if context.message.files:
        attachments.keep(context)
    files = attachments.waiting(context)
    name = ranking_objections.object_to(desk, document, key, text, file_ids=tuple(file.id for file in files))
    attachment_operations.give(desk, files, queries.subject(document))
    context.say_privately(
        RankingObjected(document.id, ranking_lists.month_of(document).name, name, text.strip(), len(files))
    )


def press_waive(context: Context, args: Args, _text: str) -> None:
    """[无异议]"""
    document, key = _document(context, args), str(args["key"])
    if key not in document.body["tallies"]:
        raise NotFound(key)
    desk = _speaking(context, key)
    name = ranking_objections.waive(desk, document, key)
    context.say_privately(
        RankingWaived(
            document.id,
            ranking_lists.month_of(document).name,
            name,
            len(ranking_lists.not_waived(desk, document)),
            ranking_lists.objections_until(document),
        )
    )


def objected(context: Context, text: str) -> bool:
    """「异议 …」 where no card offers it: who speaks for the unit objects, others hear who may (rules B10, I4)."""
    if "异议" not in text:
        return False
    said = _OBJECTION.match(text) or _AT_THE_END.match(text)
    if said is None:
        return False
    people = access.own_and_principals(context)
    document = rankings.of_month(
        context.desk, context.sender.organisation_id, Month.before(context.desk.today)
    )
    if document is None:
        return False
    if (body := said.groupdict().get("body")) is not None:
        _check_is_theirs(context, document, body)
    may = {key: ranking_lists.speakers(context.desk, key) for key in document.body["tallies"]}
    own = next((key for key, able in may.items() if any(person in able for person in people)), None)
    own = own or next(
        (key for key in may if any(ranking_objections.speaks(context.desk, one, key) for one in people)), None
    )
    if own is None:
        homes = {_home(context, person) for person in people}
        able = next((able for able in may.values() if any(_home(context, one) in homes for one in able)), ())
        if not able:
            return False
        raise NotAllowed("提考评异议", who="、".join(one.label for one in able))
    press_object(context, {"document": document.id, "key": own}, said["words"])
    return True


def _check_is_theirs(context: Context, document: Document, body: str) -> None:
    """An objection that names another body would count as one of the sender's own. Raises NotAllowed (rule B10)."""
    meant = [key for key, one in document.body["tallies"].items() if one["name"].endswith(body)]
    people = access.own_and_principals(context)
    if not meant or any(ranking_objections.speaks(context.desk, one, key) for one in people for key in meant):
        return
    able = [one for key in meant for one in ranking_lists.speakers(context.desk, key)]
    raise NotAllowed(f"提{body}的考评异议", who="、".join(one.label for one in able) or body)


def _home(context: Context, person: PersonInfo) -> tuple[str, int]:
    """The county of its people, else the unit: what is ranked."""
    region_id = context.directory.units[person.unit_id].region_id
    return ("region", region_id) if region_id is not None else ("unit", person.unit_id)


def _speaking(context: Context, key: str) -> Desk:
    people = access.own_and_principals(context)
    able = ranking_lists.speakers(context.desk, key)
    return context.act_for(next((one for one in people if one in able), people[0]))


def press_adopt(context: Context, args: Args, text: str) -> None:
    """[采纳] 报送 21/24"""
    document = _document(context, args)
    desk = _hub(context)
    context.say_privately(
        ranking_objections.adopt(desk, document, int(args["objection"]), changes_in(text), text.strip())
    )


def changes_in(text: str) -> dict[Part, Ratio]:
    """The figures that a text names: 报送 21/24; 投资 in 万元. Raises Invalid for more done than counted due."""
    found: dict[Part, Ratio] = {}
    for said in _CHANGE.finditer(text):
        part = Part(said["part"])
        done, due = (_figure(part, said[name]) for name in ("done", "due"))
        if part is not Part.INVESTMENT and done > due:
            raise Invalid(f"{part.value} {done}/{due}：前一个数不能大于后一个", mend="例：报送 21/24")
        found[part] = Ratio(done, due)
    return found


def _figure(part: Part, text: str) -> int:
    number = Decimal(text.replace(",", ""))
    if part is Part.INVESTMENT:
        return int(number * FEN_PER_WAN)
    if number != int(number):
        raise Invalid(f"{part.value} 应为整数", mend="例：报送 21/24")
    return int(number)


def press_refuse(context: Context, args: Args, text: str) -> None:
    """[不采纳]"""
    document = _document(context, args)
    ranking_objections.refuse(_hub(context), document, int(args["objection"]), text)
    documents.show(context, document)


def _hub(context: Context) -> Desk:
    return context.act_for(access.hub_member(context))


def show_month(context: Context, words: str) -> bool:
    """/通报 9月: the draft or the issued 排名通报; False when the words name no month."""
    said = _MONTH.match(words) if words else None
    if words and said is None:
        return False
    hub = access.require_hub(context, "看排名通报草稿")
    today = context.desk.today
    month = Month.before(today)
    if said is not None:
        number = int(said["month"])
        if not 1 <= number <= 12:
            raise Invalid(f"没有{words}")
        year = int(said["year"] or (today.year if number <= today.month else today.year - 1))
        month = Month.of(today.replace(year=year, month=number, day=1))
    document = rankings.of_month(context.desk, hub.organisation_id, month)
    ended = rankings.ended_of_month(context.desk, hub.organisation_id, month) if document is None else None
    if ended is not None and said is not None and said["again"]:
        rankings.draft(context.act_for(hub), hub.organisation_id, month, after=ended)
        return True
    if ended is not None:
        raise Invalid(
            f"{month.name}排名通报" + (f"（{ended.serial}）已作废" if ended.serial else "已定不发"),
            mend=f"重新考评请回：/通报 {month.name} 重新起草（各单位会再收到自己一行，可提异议）",
        )
    if document is None:
        raise Invalid(
            f"还没有{month.name}排名通报", mend="每月 5 日起第一个工作日 09:00 起草上月通报，草稿会送综合专班"
        )
    if DocumentState(document.state) in WAITING:
        context.say_privately(
            rankings.card(
                context.desk,
                document,
                signs=document_access.signs(context, document),
                again=document.version > 1,
            )
        )
    else:
        documents.show(context, document)
    return True


VERBS: Final[Mapping[str, Verb]] = {
    "ranking.object": press_object,
    "ranking.waive": press_waive,
    "ranking.adopt": press_adopt,
    "ranking.refuse": press_refuse,
}
