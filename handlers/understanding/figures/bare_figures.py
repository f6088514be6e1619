"""Numbers beside a project's name without a word for what they are: 「ZX0031 5200」, 「污水厂5300，管网2100」.

They are never guessed and never lost: each becomes a figure without a basis, which is asked for (rules C4, C5, C8).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from typing import Final

from handlers.understanding.names.names import MatchResult, Names
from handlers.understanding.phrases import somewhere
from handlers.understanding.reading import Amount, Basis, Figure, Intent, Match, ProjectLine, Reading, Span
from handlers.understanding.values.numbers import parse_amount

_AMOUNT: Final = r"[0-9０-９][0-9０-９,，.．]*\s*(?:万元|亿元|万|亿|元)?"
_ENTRY_NUMBER: Final = re.compile(r"(^|[\s，,；;。、\n])(?:[(（]?\d{1,2}[、.．)）]|[①-⑳])\s*(?!\d)")
_SHOWS_ENTRY: Final = somewhere(r"\d[、.．)）]|[①-⑳]")
_CLAUSES: Final = (
    re.compile(  # one class first: a text is looked through many times faster than by alternatives
        r"[，；;。\n、,\s](?:(?<=[，；;。\n、])|(?<=,)(?!\d{3}(?!\d))"
        r"|(?<=\s)\s*(?=[A-Za-z]{2,8}\d{3}|[\u4e00-\u9fff]{2,12}[:：]\s?\d))"
    )
)
_CLAUSE: Final = re.compile(
    r"\s*(?P<name>[A-Za-z]{2,8}\d{2,10}|[^\d\s０-９]{2,20}?)\s*(?:项目|的|那个|这个|这边|那边|这里)*\s*[:：]?\s*"
    r"(?:现在|目前|今天|截至目前|已经?|达|是|为|到|约|有)*\s*"
    rf"(?P<amount>{_AMOUNT})\s*(?:了|吧|左右|整)*\s*"
)
_HEADING: Final = re.compile(r"^\s*[^\d\s:：]{1,12}[:：]\s*(?=\S)")  # 「报数：ZX0031 5400」
# 「ZX0031 5400；累计数」, 「…，都是今年累计」
_ALL_TOTALS: Final = re.compile(
    r"[\s,，;；。、（(](?:以上|上述|数字?|都|均|全部?|这些)*(?:是|为)?(?:今年)?累计(?:完成)?(?:投资)?[额数]?[吧哈了]?[)）。.!！\s]*$"
)
_SAYS_WHAT: Final = re.compile(
    r"累计|完成|今年|去年|本[月周年旬]|当月|[上下]月|投资|计划|预计|资金|到位|拨付|支付|[占率缺差]|不是"
)
_SET_ASIDE: Final = re.compile(
    r"计划|预计|总投资|概算|估算|预算|资金|到位|拨付|支付|缺口|贷款|合同|中标|目标|力争|争取|确保|需要?|电话|手机|编号"
    r"|(?<![大本])部分|重复|[多少漏错][报计算统填列]|去年|上年|同期"
)
_SENTENCE_ENDS: Final = re.compile(r"[；;。\n]")
_PARTS: Final = re.compile(r"[，；;。\n、]|,(?!\d{3}(?!\d))")
_TOTAL_OF: Final = re.compile(
    r"(?!其中|包括|[主附]体|一期|二期|三期)(?P<name>[\u4e00-\u9fff]{2,20}?)(?:项目|工程)?(?:今年|年内|本年|的)?"
    rf"(?:年累|累[计积])(?:完成)?(?:投资)?[额数]?(?:达到?|为|是|约|:|：)?\s?(?P<amount>{_AMOUNT})\s?[了吧]?"
)
_CALLED_AS_PROJECTS: Final = re.compile(
    r"(?:园区?|厂|站|[大立]交?桥|医院|学校?|中学|小学|幼儿园|基地|中心|小区|水库|大道|公路|灌区|管网|改造|扩建|迁建|项目|工程)$"
)
_LONGEST_CLAUSE: Final = 200  # characters before an amount that are looked at
_DIGIT: Final = re.compile(r"\d")  # full-width ones, too
_LONGEST_ENDING: Final = 60  # characters of what a text ends with for all its numbers
_UNREAD_TOTAL: Final = re.compile(
    r"累计(?:完成)?(?:投资)?[额数]?(?:达到?|为|是|到|：|:|了)?\s?[\d〇零一二三四五六七八九十百千万亿]{2}"
)
_LONE: Final = re.compile(rf"(?:{_AMOUNT})")
_SHARED_OUT: Final = re.compile("分别|依次")  # whoever is not known may own the last as well as the first
_BY_NOW: Final = re.compile(
    rf"[到至现](?:昨[天日]|今[天日]|目前|现在|在)(?:为止|已经?|是|达到?|有)*{_AMOUNT}"
)
_INCREASE: Final = re.compile(
    r"(?:本[月周旬年]|今年|完成|投资额?|[比较](?:上[个一]?[月周旬期年次回]|之?前|\d{1,2}月份?|去年|昨[天日])(?:同期|末|底)?)*"
    rf"[又再也新多还]*(?:增加|新增|完成|增长|减少|核减|调减|干|做|多)了?\s*{_AMOUNT}\s*(?:了|吧)?"
)
# 「比上次多了300万」, 「较8月增加300万」: by how much it grew, no figure of the project.
_GREW_BY: Final = re.compile(
    r"(?:增加|减少|核减|调减|增长|[又再还]?[多少])(?:完成|投资|投入?|[干做])?了?\s*$"
)
_TAKES_BACK: Final = re.compile(
    r"(?:有了?|略有)(?:变化|变动|进展|更新)|的?(?:数字?|数据|金额)?(?:不对|错了|有误|不准|[写报填]错了)"
)
# 「年内投资2300万」: done since 1 January, or to be done by 31 December? It is asked.
_WITHIN_YEAR: Final = re.compile(r"年内(?:已|累计|完成|投资|固定资产|额|:|：|\s)*\d")
_TO_COME: Final = re.compile(r"预计|力争|争取|确保|计划|将|可|能|要|拟|目标|保证|承诺|追|赶")
_MAY_REPORT: Final = somewhere(r"\d|变化|变动|进展")
_MOST_CLAUSES: Final = 30  # a longer text is a report to be read as a whole
_LONGEST_NAME: Final = 24  # characters of a name with its code
_WITH_ITS_NAME: Final = 2  # lines: figures of nobody, and a project
_LEAST: Final = 10 * 1_000_000  # fen: a smaller bare number is rarely an investment
_MOST_DIGITS: Final = 7  # more digits without a unit are a telephone number


@dataclass(frozen=True, slots=True)
class Completed:
    """reading: with the bare figures added. asked: projects of which something was said about money, but no figure."""

    reading: Reading
    asked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """The projects that the author may see here, and the author's county (rules B4, B5, C3)."""

    names: Names
    visible: Container[int] | None
    place: str | None

    def match(self, mention: str) -> MatchResult:
        return self.names.match(mention, visible=self.visible, place=self.place)


def completed(reading: Reading, text: str, known: Known, alone: Callable[[str], Reading]) -> Completed:
    """The reading with figures that stand beside a project without a word for their basis; pure.

    alone: reads one clause by itself, to find a project that the whole text hid in another one's words.
    """
    if Intent.QUERY in reading.intents or reading.item_refs or not reading.lines:
        return Completed(reading)
    reading = _named_behind(_within_year(reading, text))
    clauses = _clauses_of(text)
    lines = _overlooked(
        [_without_own_name(known.names, line) for line in reading.lines], text, clauses, alone
    )
    lines = _unknown_beside(known, lines, text)
    if _DIGIT.search(text):  # otherwise 「百分之七十」, 「累计五五〇〇」
        lines, beside = _beside_names(known, lines, text, clauses)
        if not beside:
            lines = _left_over(lines, reading, text)
            lines = _of_own_sentences(lines, reading, text, alone)
    asked = {line.project_id for line in lines if _only_rate(line, reading) or _total_unread(lines, text)}
    if len(lines) == 1 and not lines[0].figures and any(_is_growth(span, text) for span in reading.unread):
        asked.add(lines[0].project_id)
    for index, line in enumerate(lines):
        if line.image_progress and _TAKES_BACK.fullmatch(line.image_progress.strip()):
            lines[index] = replace(line, image_progress=None)  # says nothing of the works
        elif line.image_progress and not line.figures and _INCREASE.fullmatch(line.image_progress.strip()):
            lines[index] = replace(line, image_progress=None)
            asked.add(line.project_id)
    return Completed(
        replace(reading, lines=tuple(lines)), frozenset(number for number in asked if number is not None)
    )


def _clauses_of(text: str) -> list[str]:
    told = _without_its_ending(text)
    return _CLAUSES.split(_ENTRY_NUMBER.sub(r"\1\n", told) if _SHOWS_ENTRY.search(told) else told)


def _without_its_ending(text: str) -> str:
    """「甲5400，乙2100，都是今年累计」 without what is said of all."""
    at = max(0, len(text) - _LONGEST_ENDING)
    ending = _ALL_TOTALS.search(text, at) if "累" in text[at:] else None
    return text[: ending.start()] if ending is not None else text


def _within_year(reading: Reading, text: str) -> Reading:
    """A figure 年内 without a word of the future was read as promised for the end of the year."""
    if not _WITHIN_YEAR.search(text) or _TO_COME.search(text) or len(reading.lines) != 1:
        return reading
    line = reading.lines[0]
    if line.figures or len(line.promises) != 1 or (fen := line.promises[0].fen) is None:
        return reading
    said = Figure(Amount(fen, True, False, line.promises[0].span), Basis.UNSAID)
    return replace(reading, lines=(replace(line, promises=(), figures=(said,)),))


def _named_behind(reading: Reading) -> Reading:
    """「累计5400，ZX0031」: figures in front of the only project are that project's (rule C4: both were given)."""
    if len(reading.lines) != _WITH_ITS_NAME:
        return reading
    nobody, named = reading.lines
    if nobody.mention or not nobody.figures or named.match is Match.NONE or named.figures:
        return reading
    told = "，".join(filter(None, (nobody.image_progress, named.image_progress))) or None
    line = replace(named, figures=nobody.figures, image_progress=told)
    return replace(reading, lines=(line,))


def _overlooked(
    lines: list[ProjectLine], text: str, pieces: Sequence[str], alone: Callable[[str], Reading]
) -> list[ProjectLine]:
    """Clauses about a project that the reading knows nothing of: 「…，污水厂累计5300万」, 「…，管网没变化」."""
    if not 1 < sum(map(bool, map(str.strip, pieces))) <= _MOST_CLAUSES:
        return lines
    known = {line.project_id for line in lines}
    for piece in filter(_MAY_REPORT.search, pieces):
        clause = piece.strip()
        if any(line.mention and line.mention in clause for line in lines):
            continue
        found = [
            one for one in alone(clause).lines if one.match is Match.UNIQUE and (one.figures or one.unchanged)
        ]
        if len(found) != 1 or found[0].project_id in known:
            continue
        known.add(found[0].project_id)
        lines = [_without_clause(line, clause) for line in lines]
        lines.append(replace(found[0], span=None))
    place = {line.mention: text.find(line.mention) for line in lines}
    return sorted(lines, key=lambda line: place[line.mention])


def _unknown_beside(known: Known, lines: list[ProjectLine], text: str) -> list[ProjectLine]:
    """「污水厂累计5300；幼儿园累计800」: the total of a project nobody knows is no news of the one before it (S07).

    Behind a comma it may be a part of that one (标准厂房累计5000), unless it is called as projects are or several are
    told.
    """
    many = sum(bool(line.figures) for line in lines) > 1
    found: list[ProjectLine] = []
    for index, line in enumerate(lines):
        if not line.image_progress or "累" not in line.image_progress:
            continue
        kept = []
        parts = _PARTS.split(line.image_progress)
        for part in parts:
            said = _TOTAL_OF.fullmatch(part.strip())
            amount = _amount(said["amount"]) if said is not None else None
            if said is None or amount is None or not (many or _stands_apart(said["name"], part, text)):
                kept.append(part.strip())
                continue
            result = known.match(said["name"])
            figures = (Figure(amount, Basis.CUMULATIVE),)
            found.append(
                ProjectLine(said["name"], result.match, result.project_id, result.candidates, figures=figures)
            )
        if len(kept) < len(parts):
            lines[index] = replace(line, image_progress="，".join(filter(None, kept)) or None)
    if not found:
        return lines
    place = {line.mention: text.find(line.mention) for line in (*lines, *found)}
    return sorted((*lines, *found), key=lambda line: place[line.mention])


def _stands_apart(name: str, part: str, text: str) -> bool:
    before = text[: max(text.find(part.strip()), 0)].rstrip(" \u3000")
    return before.endswith(("；", ";", "。", "\n")) or _CALLED_AS_PROJECTS.search(name) is not None


def _without_clause(line: ProjectLine, clause: str) -> ProjectLine:
    kept = [
        one for one in re.split(r"[，,；;。\n]", line.image_progress or "") if one.strip() not in ("", clause)
    ]
    if not line.image_progress or clause not in line.image_progress:
        return line
    return replace(line, image_progress="，".join(one.strip() for one in kept) or None)


def _without_own_name(names: Names, line: ProjectLine) -> ProjectLine:
    """「污水处理厂（ZX0031）」 says nothing of the project's progress."""
    told, project = line.image_progress, names.projects.get(line.project_id or 0)
    if told is None or project is None or project.code not in told.upper() or len(told) > _LONGEST_NAME:
        return line
    return replace(line, image_progress=None)


def _beside_names(
    known: Known, lines: list[ProjectLine], text: str, pieces: Sequence[str]
) -> tuple[list[ProjectLine], bool]:
    """Clauses that are a project's name and a number; what the reading took from such a clause is replaced."""
    found: list[tuple[str, ProjectLine]] = []
    told = {line.project_id for line in lines if line.figures}
    for clause in filter(_DIGIT.search, pieces):
        told_here = _HEADING.sub("", clause)
        if _SAYS_WHAT.search(told_here):
            continue  # the number has a word for what it is
        said = _CLAUSE.fullmatch(told_here) or _CLAUSE.fullmatch(clause)
        if said is None or _SAYS_WHAT.search(said["name"]) or (amount := _amount(said["amount"])) is None:
            continue
        result = known.match(said["name"])
        if result.match is Match.UNIQUE and result.project_id in told:
            continue
        figures = (Figure(amount, _basis_of_all(text)),)
        line = ProjectLine(said["name"], result.match, result.project_id, result.candidates, figures=figures)
        found.append((clause.strip(), line))
    if not any(line.match is not Match.NONE for _clause, line in found):
        return lines, False
    clauses = {clause for clause, _line in found}
    ids = {line.project_id for _clause, line in found if line.project_id is not None}
    mentions = {line.mention for _clause, line in found}
    kept = [
        replace(line, image_progress=None) if (line.image_progress or "").strip() in clauses else line
        for line in lines
        if line.mention not in mentions or line.figures
    ]
    kept = [
        line
        for line in kept
        if line.project_id not in ids or line.image_progress or line.issues or line.figures
    ]
    merged: list[ProjectLine] = []
    for line in kept:
        extra = next((one for _clause, one in found if one.project_id == line.project_id is not None), None)
        merged.append(
            replace(line, figures=extra.figures) if extra is not None and not line.figures else line
        )
    present = {line.project_id for line in merged if line.project_id is not None}
    merged += [line for _clause, line in found if line.project_id is None or line.project_id not in present]
    place = {line.mention: text.find(line.mention) for line in merged}
    return sorted(merged, key=lambda line: place[line.mention]), True


def _left_over(lines: list[ProjectLine], reading: Reading, text: str) -> list[ProjectLine]:
    """The last amount that nothing used, for the only project of the message: 「8月底是4700，到今天4980了」."""
    if len(lines) != 1 or lines[0].match is Match.NONE or lines[0].promises or _SHARED_OUT.search(text):
        return lines
    earlier = lines[0].figures
    if earlier and not (len(earlier) == 1 and earlier[0].as_of is not None and _BY_NOW.search(text)):
        return lines
    amounts = (
        amount
        for span in reversed(reading.unread)
        if _LONE.fullmatch(span.text.strip())
        and not _is_growth(span, text)
        and not _is_set_aside(span, text)
        and (amount := _amount(span.text)) is not None
    )
    last = next(amounts, None)
    if earlier and last is not None:  # 「9月底累计3500，到昨天3560」
        return [replace(lines[0], figures=(*earlier, Figure(last, earlier[0].basis)))]
    return lines if last is None else [replace(lines[0], figures=(Figure(last, _basis_of_all(text)),))]


def _of_own_sentences(
    lines: list[ProjectLine], reading: Reading, text: str, alone: Callable[[str], Reading]
) -> list[ProjectLine]:
    """「刚才污水厂报错了，应为5100；管网累计2100」: what stands alone in a sentence is of the project named there."""
    found = {line.project_id: line for line in lines}
    if len(found) < len(lines) or len(lines) == 1:
        return lines
    for span in reading.unread:
        sentence = _sentence_around(span, text)
        if sentence == text or any(line.figures and line.mention in sentence for line in lines):
            continue
        heard = alone(sentence)
        told = _left_over(list(heard.lines), heard, sentence)
        line = found.get(told[0].project_id) if len(told) == 1 else None
        if line is not None and not line.figures and told[0].match is Match.UNIQUE:
            found[line.project_id] = replace(line, figures=told[0].figures)
    return list(found.values())


def _sentence_around(span: Span, text: str) -> str:
    start = max((one.end() for one in _SENTENCE_ENDS.finditer(text, 0, span.start)), default=0)
    end = _SENTENCE_ENDS.search(text, span.end)
    return text[start : end.start() if end is not None else len(text)]


def untaken(reading: Reading, text: str) -> tuple[str, ...]:
    """Amounts of a report that no line took, as they were written: they are told, never dropped unseen (rule C4).

    Not those whose words say what they are: a plan, a total investment, a forecast, what was put right.
    """
    if not reading.unread:
        return ()
    taken = {one.amount.fen for line in reading.lines for one in line.figures}
    taken |= {
        one.instead_of.fen for line in reading.lines for one in line.figures if one.instead_of is not None
    }
    return tuple(
        dict.fromkeys(
            span.text.strip()
            for span in reading.unread
            if _LONE.fullmatch(span.text.strip())
            and not _is_set_aside(span, text)
            and (amount := _amount(span.text)) is not None
            and amount.fen not in taken
        )
    )


def _is_set_aside(span: Span, text: str) -> bool:
    """Whether the words before an amount say that it is no figure of the ledger."""
    return (
        _SET_ASIDE.search(_CLAUSES.split(text[max(0, span.start - _LONGEST_CLAUSE) : span.start])[-1])
        is not None
    )


def _is_growth(span: Span, text: str) -> bool:
    return _GREW_BY.search(text[max(0, span.start - _LONGEST_CLAUSE) : span.start]) is not None


def _basis_of_all(text: str) -> Basis:
    return Basis.UNSAID if _without_its_ending(text) is text else Basis.CUMULATIVE


def _only_rate(line: ProjectLine, reading: Reading) -> bool:
    """「累计完成投资70%」: what was completed is told as a share only."""
    return bool(
        line.percentages
        and not (line.figures or line.image_progress or line.issues or line.promises)
        and Intent.PROGRESS in reading.intents
    )


def _total_unread(lines: list[ProjectLine], text: str) -> bool:
    """「污水厂累计五五〇〇」: the total of the only project was told in a way that nobody reads."""
    if len(lines) != 1 or "累计" not in text:
        return False
    line = lines[0]
    told = line.figures or line.percentages or line.promises or line.issues or line.unchanged
    return not (told or line.image_progress or line.state) and _UNREAD_TOTAL.search(text) is not None


def _amount(words: str) -> Amount | None:
    found = parse_amount(words.strip().rstrip(",，.．"))
    digits = len(re.sub(r"\D", "", words))
    if found is None or (not found.unit_said and (found.fen < _LEAST or digits > _MOST_DIGITS)):
        return None
    return Amount(found.fen, found.unit_said, found.approximate, Span(0, len(words), words))
