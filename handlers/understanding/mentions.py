"""Where a message names a project, and which."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from handlers.understanding.clauses import Clause
from handlers.understanding.issues import asks, tells_obstacle
from handlers.understanding.money_phrases import FIGURE_FILLER, GAP
from handlers.understanding.name_likeness import Likeness
from handlers.understanding.name_phrases import NAME_END, NAME_LEAD, PARTS
from handlers.understanding.name_words import folded, folded_with_positions, phases, weights
from handlers.understanding.names import ENOUGH, NOTHING, MatchResult, Names
from handlers.understanding.numbers import AmountToken
from handlers.understanding.phrases import Words, any_of, pattern_of
from handlers.understanding.reading import Match
from handlers.understanding.state_phrases import FINISHES, STARTS

_EVIDENCE_ANYWHERE = 2.6
_CLAUSES_SEARCHED = 12
_CODE = re.compile(
    r"(?<![a-z0-9])[a-z]{1,8}[-_]?\d{2,10}(?![a-z0-9])|(?<!\d)\d{4}-\d{4,8}-\d{2}-\d{2}-\d{4,8}"
)
_MERE_WORDS = re.compile(r"[\u4e00-\u9fff]+")
_NAME_COLUMN = any_of("项目 名称")
_NUMBER_AS_NAME = 4  # digits
_COUNTS_SOMETHING = re.compile(r"[万亿元吨平米公千立户套台个人亩项.%]|$|\s*$")
_LATIN = re.compile(r"[\d.a-z]")
_NOT_PART_OF_NAMES = pattern_of(FIGURE_FILLER.pattern, r"支付|拨付|改成|改为|到位|更正|修改|原来|不是")
_LONGEST = 40
_LONG_ENOUGH = 4  # characters of a mention that may be misspelt
_SHORTEST = 2
_JOINED = re.compile(r"[、和与及跟]|以及")
_SUFFIX = re.compile(
    r"(?:项目(?!公司|部|法人|经理|业主)|工程(?!款|量|进度|形象)|站(?!点|房)|厂(?!房|区)|园区?|房(?!屋|建)|管网(?=[\d\s,，:]|累计|投资|今年|本[月周旬年])|基地|小区|路(?![基面口灯]))+"
)
_OTHER_KINDS = {"路": "路道", "街": "街路道", "桥": "桥路道", "河": "河渠水", "渠": "渠河水", "村": "村城"}
_UNIT_BEHIND = re.compile(
    r"[\u4e00-\u9fff]{0,4}?(?:管委会|政府|街道|办事处|公司(?![\u4e00-\u9fff]{0,6}(?:项目|基地|产业园))|[局委办厅](?![\u4e00-\u9fff]{0,2}[楼房]))"
)
_NAME_AND_PHASE = re.compile(r"[\u4e00-\u9fff]{3,12}?[一二三四五六]期")
_TWO = 2
_IN_BRACKETS = 8  # characters
_A_PHASE_ALONE = re.compile(r"[一二三四五六]期(?:项目|工程)")
_PHASE = re.compile(r"[一二三四五六七八九1-9]期")
_POINTED_AT = re.compile(r"(?:那|这)[个条块片](?!月|周|旬|星期|季|礼拜)|(?:那|这)边儿?")
# Words of the name that go on behind what is explained, up to where the report begins: 常青绿筑10万吨|钢结构|累计.
_REPORT_BEGINS = re.compile(
    r"[\d\s,，:;；。(]|累计|投资|今年|本[月周旬年]|截[至止]|上[月周]|完成(?:投资|\d)|$"
)
_LONGEST_REST = 8
_THING = re.compile(r"[\u4e00-\u9fff]{0,6}")
_NAME_LIKE = re.compile(
    r"(?:项目|工程|园|厂|站|桥|院|校|基地|中心|小区|水库|大道|渠|馆|公路|产业城|广场|市场|改造|扩建|迁建|综合体|生产线|物流港|公园|枢纽|隧道)(?:[一二三四五六]期)?$"
)
_CALLS_ITSELF = re.compile(
    r"[\u4e00-\u9fff\da-z]{4,22}?(?:项目|工程)(?!部|量|款|进度|公司|经理|法人|业主|组|清单|台账(?![里上]?没)|库|建设)"
)
_OF_ITS_KIND = re.compile(
    r"[\u4e00-\u9fff\da-z]{4,18}?(?:变电站|污水处理厂|水厂|泵站|医院|中学|小学|学校|幼儿园|大桥|水库|公园|产业园|广场|隧道)(?!改造|扩建|[迁新]建|建设|提升|项目|工程|[一二三]期)"
)
_STRONG_EVIDENCE = 2.9
_WRITTEN_OUT = 2.0  # more than one character each of two words: 「本周新装22套」 is not 新乡…装备
_LONG_REGION = 3
_WELL_EXPLAINED = 0.85
# What may stand right behind a short name: a number, a part of the works, where it is.
_SOFT_AFTER = re.compile(
    rf"[\da-z]|^[\u4e00-\u9fff]{{1,4}}(?:线(?!路)|车间|楼|塔|池|井|坝|炉|罐|梁|窑|泵|闸)"
    rf"|^[\u4e00-\u9fff]{{1,4}}(?:街道|标段|[乡镇村段])|^(?:[东西南北]{{1,2}}[侧边头区]|周边|附近|门口|场内|现场|红线|入口|出口)|{PARTS.pattern}"
)
_NAME_TAILS = "园路桥院校中小站厂区港渠馆造河湖库"
_MERE_MEASURE = re.compile(
    r"(?:年产|日处理|装机|占地|建筑面积|全长|总长)?[\d.]*(?:千伏|万?吨|万?千瓦|公里|万?平方?米?|亩|万)?[\d.]*"
)
_MEASURES = re.compile(r"\d[\d.]*(?:千伏|kv|万?吨|万?千瓦|公里)")  # 「110千伏变电站」 may be any
_OF_CONTRACTING = re.compile(r"总承包|招标|模式|合同|单位|中标|承包")  # 「EPC总承包」 is no EPC板
_MERE_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+")  # 「第一标段」 is no 第一人民医院
_ROAD_NUMBER = re.compile(r"[a-z]\d{2,4}")
_NATIONAL_ROAD = re.compile(r"[gsxyc]\d{3}")
_CALLS_A_ROAD = re.compile(
    r"\s?(?:国道|省道|县道|乡道|[\u4e00-\u9fff]{0,2}[道路线桥口段]|[与和跨穿沿]|交叉|开口|占)"
)
_OF_A_PAPER = re.compile(r"\S{0,8}(?:[周月旬日季年快简]报|通报|汇总|清单|台账)(?:表)?")
_LOCATION_BEFORE = re.compile(r".*(?:[段村镇乡市县区旗]|标段|街道|办事处|关于|的|里面?|上的?|把|是)$")
_NO_NAME = re.compile(
    r"^(?:\S{0,4}(?:中央|预算内|专项债|债券|贷款|自筹|配套)\S{0,4}|\S{0,6}(?:[一二三四五六七八九十两几各多\d]+个?|所有|全部|各|这些|以下|上述|重点)项目|我[们县区市局]?|大家|领导|[\d一二三四五六七八九十百]+|(?:这|那|哪|几|每|各|该)\S?|\S*灯\S*|\S*(?:重点|一批)项目|[\u4e00-\u9fff]{2,4}的(?:所有|全部)?(?:项目|工程)|企业|业主|甲方|施工单位|施工方|监理|\S{0,3}(?:数字|数据|情况|进展|中午|下午|上午|晚上|一起|天天))$"
)


@dataclass(slots=True)
class Hit:
    """A place where the text names a project. start, end: plain positions."""

    clause: int
    start: int
    end: int
    result: MatchResult


def find_mentions(
    plain: str,
    clauses: Sequence[Clause],
    names: Names,
    *,
    pairs: Sequence[str],
    visible: Container[int] | None,
    place: str | None,
) -> list[Hit]:
    """All mentions in order; Match.NONE where a name must stand and no visible project bears it.

    pairs: each character of the text with its neighbour, where neither is blanked out.
    """
    finder = _Finder(plain, names, visible, place)
    finder.pairs = pairs
    finder.with_money = frozenset(
        clause.sentence
        for clause in clauses
        if clause.money and any(one.amount is not None for one in clause.money)
    )
    hits: list[Hit] = []
    for number, clause in enumerate(clauses):
        if clause.aside:
            continue
        last = hits[-1] if hits else None
        known = finder.may_be_known(clause)
        if known or "期" in clause.words.text or _may_be_unknown(clause, first=last is None):
            finder.several_before = len(hits) > 1 and hits[-2].clause == hits[-1].clause
            finder.item_before = clauses[last.clause].item if last else None
            hits.extend(finder.in_clause(number, clause, last, known=known))
    if not any(hit.result.match is not Match.NONE for hit in hits):
        hits = finder.anywhere(clauses) or hits
    return hits


class _Finder:
    def __init__(self, plain: str, names: Names, visible: Container[int] | None, place: str | None) -> None:
        self.plain, self.names, self.visible, self.place = plain, names, visible, place
        self.pairs: Sequence[str] = ()
        self.several_before = False  # the last clause with a name named several
        self.item_before: int | None = None  # the list item of the last name
        self.with_money: frozenset[int] = frozenset()  # sentences and list items that tell amounts

    def in_clause(self, number: int, clause: Clause, last: Hit | None, *, known: bool) -> list[Hit]:
        """known: whether it may hold a code or a name at all."""
        if known and self._may_be_written_out(clause) and (found := self._literal(number, clause)):
            return [*found, *self._joined_to(number, clause, found[-1])]
        if clause.separator == "|" and not (clause.opens or clause.label.hold(_NAME_COLUMN)):
            return []
        start, end = self._chunk(clause)
        chunk = self.plain[start:end]
        text, at = folded_with_positions(chunk)
        if (
            len(text) < 2
            or chunk in self.names.places
            or _OF_A_PAPER.fullmatch(self.plain, start, clause.end)
        ):
            return []
        if last is None and clause.opens and self.place and (hit := self._only_phase(number, start)):
            return [hit]
        if last is None and (phase := _A_PHASE_ALONE.match(self.plain, start)):
            # 「二期项目厂房封顶了」: of one of those that have a second phase
            of_phase = self.names.of_phase(text[:1], self.place or "", self.visible)
            return (
                [Hit(number, start, phase.end(), self.names.decided(of_phase, self.place))]
                if of_phase
                else []
            )
        if (
            last is not None
            and phases(text)
            and len(text) <= 4
            and (hit := self._elliptic(number, start, end, text, last))
        ):
            return [hit]
        several = self._several(number, start, chunk)
        if several:
            return several
        alike = self._alike(text, strict=_is_of_money(clause))
        result = self.names.judged_by([(one.entry.id, score) for one, score in alike], self.place)
        if result.match is Match.NONE and (named := _NAME_AND_PHASE.match(text)) and named.end() < len(text):
            # 「老旧小区三期同盟小区违建…」: behind the phase stands a place in it
            alike = self._alike(named[0], strict=bool(clause.money))
            result = self.names.judged_by([(one.entry.id, score) for one, score in alike], self.place)
        if result.match is Match.NONE:
            unknown = self._unknown(number, clause, start, end, text, first=last is None)
            return self._misspelt(number, clause, start, text, at) or unknown if unknown else []
        best = alike[0][0]
        words = text[best.start : best.end]
        if (
            words in self.names.places
            or self.names.units.is_short_form(words)
            or _MERE_ORDINAL.fullmatch(words)
            or (words == "epc" and _OF_CONTRACTING.match(text, best.end))
            or (_MERE_MEASURE.fullmatch(words) and not self._is_called_by_number(clause, words, start))
        ):
            return []
        if last is not None and not (
            self._switches(clause, text[best.start : best.end], result, last, best.evidence)
            or (clause.opens and self._is_told_of(clause, start + at[best.end - 1] + 1, best, result))
        ):
            if clause.item is None or result.project_id == last.result.project_id:
                return []
            return self._unknown(number, clause, start, end, text, first=False)
        if last is not None and len(words) == _TWO and text.startswith("楼", best.end):
            return []  # 「实验楼砌体干了一半」 is a part of what was named, not the 实验小学
        if self._is_of_a_unit(clause, start + at[best.start], start + at[best.end - 1] + 1):
            return []
        if self._is_of_another_kind(clause, start + at[best.end - 1] + 1, words, best):
            return []
        end = best.end
        if best.loose_end and end < len(text) and text[end - 1] not in _NAME_TAILS:
            end -= 1  # 「天润包装地面」: 地 belongs to what follows
        stop = start + at[end - 1] + 1
        if self.plain.startswith(("工程量", "工程进度", "工程形象", "工程款"), stop - 2):
            stop -= 2  # 「雨污分流工程量完成三成」
        return [Hit(number, start + at[best.start], self._whole_mention(clause, stop, best), result)]

    def _is_of_a_unit(self, clause: Clause, start: int, end: int) -> bool:
        """「请平原示范区管委会…」: the words are the head of a unit's name."""
        return _UNIT_BEHIND.match(self.plain, end, clause.end) is not None and asks(
            Words.of(self.plain[max(0, clause.start - 1) : start])
        )

    def _is_of_another_kind(self, clause: Clause, end: int, words: str, best: Likeness) -> bool:
        """「科创路北段」 is not the 科创产业园: a road, a river or a bridge that the name knows nothing of."""
        if _ROAD_NUMBER.fullmatch(words):
            return False  # 「G327路面」
        kind = self.plain[end : min(end + 1, clause.end)]
        return kind in _OTHER_KINDS and not any(one in best.entry.text for one in _OTHER_KINDS[kind])

    def may_be_known(self, clause: Clause) -> bool:
        """False when nothing in a clause can be a code or like any name."""
        text = clause.words.text
        if _MERE_WORDS.fullmatch(text):
            return self.names.have_one_of(self.pairs[clause.start : clause.end - 1], self.visible)
        return _LATIN.search(text) is not None or self.names.share_a_pair(folded(text), self.visible)

    def _may_be_written_out(self, clause: Clause) -> bool:
        """False when no name or alias begins anywhere in a clause of mere words."""
        if _MERE_WORDS.fullmatch(self.plain, clause.start, clause.end) is None:
            return True
        return self.names.begin_among(self.pairs[clause.start : clause.end - 1])

    def _whole_mention(self, clause: Clause, stop: int, best: Likeness) -> int:
        """Where a mention ends, with 项目, 站 or 「那个智能产线」 behind the words that the name explains."""
        phase = _PHASE.match(self.plain, stop, clause.end)
        if phase and (best.entry.phases or clause.money or self._phase_decides(clause, stop)):
            stop = phase.end()  # otherwise 「一期已投产」 tells of a part
        stop = self._rest_of_name(clause, stop, best)
        if (
            self.plain.startswith(")", stop)
            and "(" in self.plain[max(clause.start, stop - _IN_BRACKETS) : stop]
        ):
            stop += 1  # 「地下管网（飞地）」
        if suffix := _SUFFIX.match(self.plain, stop, clause.end):
            stop = suffix.end()
        pointed = _POINTED_AT.match(self.plain, stop, clause.end)
        if pointed is None:
            return stop
        stop = pointed.end()
        if "边" in pointed[0]:
            return stop
        thing = _THING.match(
            self.plain, stop, min([clause.end, *(day.start for day in clause.dates if day.start >= stop)])
        )
        end = thing.end() if thing else stop
        if cut := NAME_END.search(self.plain, stop, end):
            end = cut.start()
        if tells_obstacle(Words.of(self.plain[stop:end])) or (
            end - stop == 6 and self.plain[end : end + 1] not in ",，。;；: "
        ):
            return stop
        return end

    def _rest_of_name(self, clause: Clause, stop: int, best: Likeness) -> int:
        limit = min([clause.end, *(one.start for one in clause.amounts if one.start >= stop)])
        for end in range(min(limit, stop + _LONGEST_REST), stop + 1, -1):
            if self.plain[stop:end] in best.entry.text and _REPORT_BEGINS.match(self.plain, end, clause.end):
                return end
        return stop

    def _phase_decides(self, clause: Clause, stop: int) -> bool:
        """Whether several projects bear the name before 「一期」, so that the phase is part of the name."""
        start, _ = self._chunk(clause)
        return self.names.match(self.plain[start:stop], visible=self.visible).match is Match.AMBIGUOUS

    def anywhere(self, clauses: Sequence[Clause]) -> list[Hit]:
        """A name in the middle of a clause, when none stands at a head: 「请…研究保租房贷款的事」."""
        for number, clause in enumerate(clauses[:_CLAUSES_SEARCHED]):
            text, at = folded_with_positions(
                self.plain[clause.start : min(clause.end, clause.start + _LONGEST)]
            )
            if clause.aside or len(text) < 3 or not self.may_be_known(clause) or clause.money:
                continue
            weight = weights(text)
            found = []
            for one in self.names.alike(text, visible=self.visible):
                inside = sum(weight[one.start : one.end])
                distinctive = PARTS.sub("", _MEASURES.sub("", text[one.start : one.end]))
                if (
                    one.evidence >= _EVIDENCE_ANYWHERE
                    and text[one.start : one.end] not in self.names.places
                    and not _MERE_MEASURE.fullmatch(text[one.start : one.end])
                    and one.matched / max(inside, 0.1) >= 0.88
                    and len(distinctive) >= 2
                ):
                    found.append(one)
            found.sort(key=lambda one: (-one.evidence, one.entry.id))
            if not found or (len(found) > 1 and found[1].evidence > found[0].evidence - 0.9):
                continue
            best = found[0]
            result = self.names.decided([best.entry.id], self.place)
            return [Hit(number, clause.start + at[best.start], clause.start + at[best.end - 1] + 1, result)]
        return []

    def _literal(self, number: int, clause: Clause) -> list[Hit]:
        """Codes, full names and aliases, wherever they stand in the clause."""
        hits: list[Hit] = []
        codes = _LATIN.search(clause.text) is not None
        for match in _CODE.finditer(self.plain, clause.start, clause.end) if codes else ():
            found = self.names.by_code(match[0], self.visible)
            if found:
                hits.append(Hit(number, *match.span(), self.names.decided(found, self.place)))
            elif self._may_be_a_code(match) and not self.names.alike(match[0], visible=self.visible):
                hits.append(Hit(number, *match.span(), NOTHING))
        if hits:
            return hits
        text, at = folded_with_positions(
            self.plain[clause.start : min(clause.end, clause.start + 3 * _LONGEST)]
        )
        index = 0
        while (exact := self.names.exact_from(text, index, self.visible)) is not None:
            index, length, ids = exact
            start, end = clause.start + at[index], clause.start + at[index + length - 1] + 1
            hits.append(Hit(number, start, end, self.names.decided(ids, self.place)))
            index += length
        return hits

    def _may_be_a_code(self, match: re.Match[str]) -> bool:
        """Written like the codes of this registry, and no road: 「穿G107辅道」, 「S311开口」."""
        return self.names.is_code_like(match[0]) and not (
            _NATIONAL_ROAD.fullmatch(match[0]) and _CALLS_A_ROAD.match(self.plain, match.end())
        )

    def _joined_to(self, number: int, clause: Clause, hit: Hit) -> list[Hit]:
        """「循环园、实验中学主体封顶」: a second name right behind one that was written out."""
        joint = _JOINED.match(self.plain, hit.end, clause.end)
        if joint is None:
            return []
        stop = NAME_END.search(self.plain, joint.end(), min(clause.end, joint.end() + _LONGEST))
        if stop is None or stop.start() - joint.end() < _SHORTEST:
            return []
        part = self.plain[joint.end() : stop.start()]
        result = self.names.match(part, visible=self.visible, place=self.place)
        if result.match is not Match.UNIQUE or result.project_id == hit.result.project_id:
            return []
        return [Hit(number, joint.end(), stop.start(), result)]

    def _chunk(self, clause: Clause) -> tuple[int, int]:
        """The stretch at the head of the clause where a name would stand."""
        start = clause.start
        dates = {day.start: day.end for day in clause.dates}
        limit = min(clause.end, start + 3 * _LONGEST)
        while start < limit:
            lead = NAME_LEAD.match(self.plain, start, limit)
            step = lead.end() if lead else dates.get(start, start)
            if step == start:
                break
            start = step
        end = min(limit, start + _LONGEST)
        for token in clause.money:
            if start < token.start < end:
                end = token.start
                break
        for begin in (*dates, *(one.start for one in clause.percents)):
            if start < begin < end:
                end = begin
        if stop := NAME_END.search(self.plain, start, end):
            end = stop.start()
        while end - start > _SHORTEST and self.plain[end - 1] in "于在从自至":
            end -= 1  # 「6080于11月…」
        return start, max(start, end)

    def _alike(self, text: str, *, strict: bool) -> list[tuple[Likeness, float]]:
        """Likenesses rescored for running text: words after the name may be about something else.

        strict: the clause gives money, so what stands before it must be the name and nothing but the name.
        """
        alike = self.names.alike(text, visible=self.visible)
        if not alike:
            return []
        weight = weights(text)
        # What the fullest explanation covers, a rival has to explain as well.
        fullest = max(alike, key=lambda one: one.matched)
        losses: dict[tuple[int, int, bool], float] = {}
        found = []
        for one in alike:
            start, end = one.start, one.end
            if fullest.start <= end and start <= fullest.end:
                start, end = min(start, fullest.start), max(end, fullest.end)
            inside = sum(weight[start:end])
            strong = one.evidence >= _STRONG_EVIDENCE or (
                end - start >= _LONG_REGION and one.matched >= _WELL_EXPLAINED * inside
            )
            if not one.entry.phases and text.startswith("一期", end):
                end += 2  # the first phase often bears the plain name
            key = (start, end, strong)
            if key not in losses:
                losses[key] = _left_over(text, weight, start, end, strong=strong, strict=strict)
            score = one.matched / max(inside + losses[key], 0.1) - one.total_score_cost
            found.append((one, score))
        found.sort(key=lambda pair: (-pair[1], pair[0].entry.id))
        return found

    def _is_told_of(self, clause: Clause, stop: int, best: Likeness, result: MatchResult) -> bool:
        """「；新区站12月1日正式通车」: a name, a day, and what the whole project did on it. stop: the name's end."""
        if result.match is not Match.UNIQUE or not clause.dates:
            return False
        stop = self._whole_mention(clause, stop, best)
        told = Words.of(self.plain[stop : clause.end])
        return any(day.start == stop for day in clause.dates) and (told.hold(FINISHES) or told.hold(STARTS))

    def _switches(self, clause: Clause, words: str, result: MatchResult, last: Hit, evidence: float) -> bool:
        """Whether a mention after the first one really turns to another project."""
        if result.match is Match.UNIQUE and result.project_id == last.result.project_id:
            return self.several_before
        distinctive = PARTS.sub("", words)
        if len(distinctive) >= 2 and result.match is Match.UNIQUE:
            return clause.opens or evidence >= _WRITTEN_OUT
        if not clause.opens:
            return False
        tells_money = bool(clause.amounts) or clause.sentence in self.with_money
        return tells_money and (result.match is Match.UNIQUE or clause.item is not None)

    def _is_called_by_number(self, clause: Clause, words: str, start: int) -> bool:
        """「6080于11月投料」: a number of the name alone, at the head of a sentence, counting nothing."""
        return (
            (
                clause.opens
                or clause.separator == ":"
                or self.plain.startswith(("项目", "于", "累计", "今年"), start + len(words))
            )
            and words.isdigit()
            and len(words) >= _NUMBER_AS_NAME
            and self.plain.startswith(words, start)
            and all(one.start != start or (not one.unit and not self._counts(one)) for one in clause.amounts)
        )

    def _counts(self, token: AmountToken) -> bool:
        return _COUNTS_SOMETHING.match(self.plain, token.end) is not None

    def _several(self, number: int, start: int, chunk: str) -> list[Hit]:
        """「甲、乙两个项目」: every part must be a project of its own."""
        if not _JOINED.search(chunk):
            return []
        hits, at, stem = [], 0, ""
        for match in [*_JOINED.finditer(chunk), None]:
            stop = match.start() if match else len(chunk)
            part = chunk[at:stop]
            if (phase := _PHASE.search(part)) and phase.start():
                stem = part[: phase.start()]
            elif phase:
                part = stem + part  # 「建文一期、二期」
            elif match and part[-1:] in "一二三四" and _PHASE.match(chunk, match.end()):
                stem, part = part[:-1], part + "期"  # 「建文一、二期」
            result = self.names.match(part, visible=self.visible, place=self.place)
            if result.match is not Match.UNIQUE:
                return []
            hits.append(Hit(number, start + at, start + stop, result))
            at = match.end() if match else stop
        return hits if len({hit.result.project_id for hit in hits}) > 1 else []

    def _only_phase(self, number: int, start: int) -> Hit | None:
        """「二期办公楼外墙刷完了」 from where only one project has a second phase."""
        phase = _PHASE.match(self.plain, start)
        if phase is None:
            return None
        found = self.names.of_phase(folded(phase[0])[:1], self.place or "", self.visible)
        return (
            Hit(number, start, phase.end(), self.names.decided(found, self.place))
            if len(found) == 1
            else None
        )

    def _elliptic(self, number: int, start: int, end: int, text: str, last: Hit) -> Hit | None:
        """A mere 「二期」 after the first phase was named."""
        stem, _ = folded_with_positions(self.plain[last.start : last.end])
        stem = re.sub(r"[一二三四五六七八九]期", "", stem)
        result = self.names.match(stem + text, visible=self.visible, place=self.place)
        if result.match is Match.UNIQUE and result.project_id != last.result.project_id:
            return Hit(number, start, end, result)
        return None

    def _misspelt(self, number: int, clause: Clause, start: int, text: str, at: Sequence[int]) -> list[Hit]:
        """A name that nobody bears as it is written, and exactly one project as it sounds."""
        if len(text) < _LONG_ENOUGH:
            return []
        found: dict[int, Likeness] = {}
        for respelled in self.names.respelled(text, self.visible):
            alike = self._alike(respelled, strict=_is_of_money(clause))
            result = self.names.judged_by([(one.entry.id, score) for one, score in alike], self.place)
            if result.project_id is not None:
                best = alike[0][0]
                changed = next(
                    index for index, (a, b) in enumerate(zip(text, respelled, strict=True)) if a != b
                )
                if best.start <= changed < best.end:
                    found[result.project_id] = best
        if len(found) != 1:
            return []
        project, best = next(iter(found.items()))
        first, last = start + at[best.start], start + at[best.end - 1] + 1
        return [Hit(number, first, last, MatchResult(Match.UNIQUE, project))]

    def _called(self, clause: Clause, start: int, end: int) -> int | None:
        """Where a name ends that says itself what it is: 「…湿地修复项目|前三季度」, 「卫辉…变电站|二次设备」."""
        if found := _CALLS_ITSELF.match(self.plain, start, min(clause.end, end + 2)):
            return found.end()
        if self.names.behind_place(self.plain[start:end]) == self.plain[start:end]:
            return None
        found = _OF_ITS_KIND.match(self.plain, start, end)
        return found.end() if found else None

    def _unknown(
        self, number: int, clause: Clause, start: int, end: int, text: str, *, first: bool
    ) -> list[Hit]:
        """A name that no visible project bears, where the sentence plainly reports on it."""
        item = clause.item
        if not _may_be_unknown(clause, first=first):
            return []
        if first and not _NAME_LIKE.search(text) and (called := self._called(clause, start, end)):
            end = called
            text = folded(self.plain[start:end])
        if (
            _NO_NAME.match(text)
            or (item is not None and item == self.item_before)
            or text in self.names.places
            or not any(char > "z" for char in text)
        ):
            return []
        if len(text) > 24 or sum(weights(text)) < 1.9 or len(_NOT_PART_OF_NAMES.sub("", text)) < 2:
            return []
        money = clause.money or (clause.item is not None and clause.sentence in self.with_money)
        reports = bool(money) and all(one.start >= end for one in clause.amounts[:1])
        listed = (clause.item is not None or first) and reports and not clause.label.text
        named = first and _NAME_LIKE.search(text) is not None
        if listed or named or clause.separator == "|":
            return [Hit(number, start, end, NOTHING)]
        return []


def _is_of_money(clause: Clause) -> bool:
    """Whether it may give a figure, so that a name before it must be the name and nothing but the name."""
    return bool(clause.money) and not clause.words.hold(GAP)  # 「冷链车间板材差200万货款」


def _may_be_unknown(clause: Clause, *, first: bool) -> bool:
    """Whether a name that nobody knows could stand here: the first of all, in a list or in a table."""
    return clause.opens and (first or clause.item is not None or clause.separator == "|")


def _left_over(
    text: str, weight: Sequence[float], start: int, end: int, *, strong: bool, strict: bool
) -> float:
    """The weight of the words around a name that speak against it."""
    before, after = text[:start], text[end:]
    loss = sum(weight[:start])
    if _LOCATION_BEFORE.match(before) and before[-1:] not in "市县区":
        loss = 0.0
    if strict:
        return loss + sum(weight[end:])
    if after.startswith("的") or (strong and loss == 0.0):
        return loss
    soft = _SOFT_AFTER.search(after)
    return loss + sum(weight[end : end + (soft.start() if soft else len(after))])


__all__ = ["ENOUGH", "Hit", "find_mentions"]
