"""A message while it is being read: its text, its clauses, what has been taken from it so far."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import date

from handlers.understanding.clauses import Clause, clauses_of
from handlers.understanding.figures.figure_context import Context
from handlers.understanding.issues import IssueDraft, asks, tells_obstacle, trimmed
from handlers.understanding.mentions.mentions import find_mentions
from handlers.understanding.mentions.name_search import Hit
from handlers.understanding.names.names import Names
from handlers.understanding.phrases import NO_WORDS, Shown, Words, any_of
from handlers.understanding.phrases.corrections import CORRECTION, REPORTED, THAT, WHERE
from handlers.understanding.phrases.money import ABOVE_ESTIMATE, GAP
from handlers.understanding.phrases.names import NAME_LEAD
from handlers.understanding.phrases.problems import REQUEST
from handlers.understanding.phrases.states import FINISHES, STARTS
from handlers.understanding.phrases.talk import (
    ADVICE,
    CLOSING,
    COMMITMENT,
    COURTESY,
    FEEDBACK_HEAD,
    META,
    NOT_CLOSING,
)
from handlers.understanding.reading import Amount, Figure, Match, Percentage, Promise, Span
from handlers.understanding.references import find_references
from handlers.understanding.slips import without_slips
from handlers.understanding.states import Former, Standing
from handlers.understanding.text import Source, plain_form
from handlers.understanding.values.dates import DateToken, WorkCalendar
from handlers.understanding.values.tokens import tokens_of

_PLACEHOLDER = any_of(
    r"[\u4e00-\u9fff]{2,4}\s?1[3-9]\d{9}(?!\d)|(?:联系人|联系电话|联系方式|填报人|报送人|经办人|审核人|签发人|手机号?码?|电话)[:：][^\n,，;；。]{1,40}"
    r"|(?:现场|有事|有问题|请)?(?:联系|联络|咨询)?(?:电话|手机|短号)号?码?:?\s?[\d*\-]{3,}|(?:现场|有事)?(?:请?找|联系)[\u4e00-\u9fff]{1,4}\s?(?:(?:短号|手机|电话)号?码?)?:?\s?[\d*\-]{4,}"
    r"|\[(?:图片|照片|视频|文件|语音|动画表情|表情|链接|位置)\]|\[[\u4e00-\u9fff]{1,3}\]"
)
_COMMAND = re.compile(r"\s{0,9}[/、]?\s{0,3}(?P<verb>查询?|反馈|办结|销号|报)(?=\s|[a-z]{1,3}\d|[:])")
_GREETING = re.compile(
    r"(?:\s{0,9}(?:@[^\s@,，:]{1,16}(?:\s|[,，:])"
    r"|(?:(?:各位|尊敬的|亲爱的){0,2}(?:领导|老师|同事|专班|同志|主任|局长|科长|[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董程曹袁邓许沈曾彭吕苏卢蒋蔡贾丁魏薛叶余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟][\u4e00-\u9fff]{0,2}(?:主任|局长|科长|处长|书记|县长|市长|区长|老师|秘书长|组长|局|科|工|总))"
    r"(?:们)?(?:[早上中下晚]{1,2}[上午]?|您|你)?(?:好|辛苦了?)?|(?:大家|您|你|早上|上午|下午|晚上)好)[,，:!。\s]{1,3}))+"
)
# A heading that only says who reports, or that something comes: 「更新：」, 「青禾县住建局：」.
_NEUTRAL_LABEL = re.compile(
    r"[\s【\[]*(?:补充|更新|最新|[哈啊呢吧]|再?[报说补]一?[个条下]?|再报|登记|记录|请(?:记录|登记|更新|查收|录入)|[你您](?:们)?[问要](?:的|过的)|回复\S{0,8}|\S{0,3}催[办报]|以下是?"
    r"|刚?才?[跟和与向找][\u4e00-\u9fff]{1,6}(?:核|核对|对|问|确认)过(?:一下|数)?"
    r"|[你您]?(?:请|麻烦)?帮(?:我|忙|着)?[填记录登报](?:上|一?下|进去)?"
    r"|[\u4e00-\u9fff]{2,12}(?:局|委|办|专班|公司|集团|管委会|街道办?|[镇乡县区市]))[\s】\]]*"
)
_BRACKETED = re.compile(r"(?:^|(?<=\n))(\s{0,9})【([^【】\n]{2,40})】")
_NO_NAME_IN_BRACKETS = re.compile(
    r"[周旬月日季年]报|通报|简报|通知|转发?|汇报|情况|进度|进展|紧急|提醒|更正|报告|问题|日"
)
_IN_PARENTHESES = re.compile(r"\(([^()]{2,10})\)?$")
_PHASE_ALONE = re.compile(r"[一二三四1-4]期(?:项目|工程)?")
_UNIT_OF_A_HEADING = re.compile(r"\((?:单位:)?万元\)\s?:")
_LONG_DASH = re.compile(r"(?<=[\u4e00-\u9fff])--(?=[\u4e00-\u9fff])")
_HEADING_PLACE = re.compile(
    r"\s{0,9}(?:【([\u4e00-\u9fff]{2,6})】|([\u4e00-\u9fff]{2,6}?)(?:这边|这里)?(?:片区|片|方面)?(?:[几两三四五六七八九]个)?(?:项目)?[:：])"
)
_ASKED_FOR = re.compile(
    r"(?:要求|交办|定|安排|部署|布置|提到|提出|反馈|指出|点名|关注|督办|转办)的$"
)  # 「专题会要求的…已拆除」
# When something was reported is no day of what was reported: 「上周说的…」, 「前天报错了」.
_WHEN_SAID = re.compile(rf"(?:[上中下]午|早上|晚上)?{WHERE}{{0,3}}{REPORTED}(?:{THAT}|错|过的|成)")
_ITS_PAPER = re.compile(r"的?(?:那[份期版张]|上报的?)?(?:[周旬月日]报|简报|报表|快报|报送表|台账)(?!告)")
_OVER_THERE = re.compile(r"[这那]边儿?$")  # 「建文那边」: no word of the name
# 「中央资金（豫财建〔2024〕87号）」: the document says where money comes from, nothing is answered.
_PAYS = re.compile(r"(?:资金|债券?|投资|补助|贷款|基金)\(\s?$")
_LISTING = re.compile(r"\s*[、和与及]\s*")
_PLACE_AND_BAR = re.compile(r"^([ ]{0,3}[\u4e00-\u9fff]{2,6})\|(?=[^|\n]+$)", re.MULTILINE)
_ITEM_BEFORE_MONTH = re.compile(r"(?:(?<=[;；。,，\n ])|(?<=^))([2-9])\.(?=\d{1,2}月)")
_YI_UNIT = any_of(r"单位:?亿元?|\(亿元?\)\s?:")
_WAN_PER_YI = 10_000


@dataclass(slots=True)
class Draft:
    """One project while the message is read. facts: plain ranges of its 形象进度."""

    mention: str
    match: Match
    project_id: int | None
    candidates: tuple[int, ...]
    number: int | None
    span: Span | None
    standing: Standing = field(default_factory=Standing)
    promised_by: date | None = None
    payment_rate: int | None = None
    unchanged: bool = False
    figures: list[Figure] = field(default_factory=list)
    percentages: list[Percentage] = field(default_factory=list)
    funds: dict[str, Amount] = field(default_factory=dict)
    promises: list[Promise] = field(default_factory=list)
    facts: list[tuple[int, int]] = field(default_factory=list)
    costs: list[tuple[int, int]] = field(default_factory=list)  # facts that only tell money
    problem: IssueDraft = field(default_factory=IssueDraft)
    asked_in: tuple[int, int | None] | None = None  # sentence and list item of the last request
    told_in: int | None = None  # list item of the last obstacle
    as_of: date | None = None
    paid_for: str | None = None  # for what the amount told last was paid
    paid_by: date | None = None  # the cut-off of what was paid: the line's where it tells nothing else

    @property
    def is_empty(self) -> bool:
        return not (self.figures or self.percentages or self.funds or self.facts or self.problem.obstacles)


class Message:
    """Plain positions everywhere. current: the projects that what comes next is about."""

    def __init__(
        self,
        source: Source,
        names: Names,
        today: date,
        *,
        calendar: WorkCalendar,
        place: str | None,
        visible: Container[int] | None,
    ) -> None:
        self.source, self.names, self.today, self.calendar = source, names, today, calendar
        greeting = _GREETING.match(source.plain)
        opening = greeting.end() if greeting else 0
        command = _COMMAND.match(source.plain, opening)
        self.verb = command["verb"] if command else ""
        body = source.plain
        if opening := command.end() if command else opening:
            body = " " * opening + body[opening:]
        if "【" in body:
            body = _BRACKETED.sub(self._out_of_brackets, body)
        body = _LONG_DASH.sub(": ", body) if "--" in body else body
        if "|" in body:
            body = _PLACE_AND_BAR.sub(self._as_heading, body)
        if "月" in body and "." in body:
            body = _ITEM_BEFORE_MONTH.sub(lambda found: self._as_item(body, found), body)
        if "万元)" in body:
            body = _UNIT_OF_A_HEADING.sub(lambda found: ":".ljust(len(found[0])), body)
        shown = Shown(body)
        unblanked = Words(body, shown.anywhere)
        self.references = find_references(unblanked)
        words = unblanked.part(_blanked(unblanked, [(one.start, one.end) for one in self.references]))
        body, tokens = without_slips(words, tokens_of(source, words, today))
        self.plain, self.words = body, words.part(body)
        self.clauses = clauses_of(body, tokens, shown)
        self.context = Context(today, calendar)
        if self.words.hold(_YI_UNIT):
            self.context.wan_unit = _WAN_PER_YI
        heading = _HEADING_PLACE.match(body)
        place = (names.places.get(heading[1] or heading[2]) if heading else None) or place
        hits = find_mentions(body, self.clauses, names, pairs=shown.pairs, visible=visible, place=place)
        for clause in self.clauses:
            if clause.dates:
                clause.dates = [one for one in clause.dates if not self._is_when_said(one)]
        self.hits: dict[int, list[Hit]] = {}
        for hit in hits:
            self.hits.setdefault(hit.clause, []).append(hit)
        self.drafts: list[Draft] = []
        self.current: list[Draft] = []
        self.two: list[Draft] = []  # the two that were named last in one clause: 前者, 后者
        self.used: list[tuple[int, int]] = [(hit.start, hit.end) for hit in hits]
        self.unchanged = self.query = self.told_plan = False
        self.counts_problems = False  # 「有三件事：」: every sentence after it tells one
        self.in_problem = self.in_request = self.after_obstacle = False
        self.event_day: DateToken | None = None  # a day said alone: 「9月10日，…正式投产」
        self.told_day: tuple[int, DateToken] | None = (
            None  # a day that something happened on, and its sentence
        )
        self.told_lag = -1  # the sentence that told a lag behind the plan
        self.headings: set[str] = set()  # labels whose words already hold as context
        self.former: Former | None = None  # a day that was told and no longer counts
        self.announced: tuple[int, Former] | None = None  # a day that counts unless its sentence moves it
        self.correction = self.context.corrects = self.words.hold(CORRECTION)
        self.closing = self.verb in {"办结", "销号"} or (
            self.words.hold(CLOSING) and not self.words.hold(NOT_CLOSING)
        )
        self.feedback = self._answers(unblanked if unblanked.text == source.plain else Words.of(source.plain))
        # Of the whole text first: what shows no sign there shows none in a clause.
        self.seeks_advice = self.words.hold(ADVICE)
        self.asks_something = self.words.bits & REQUEST.bit != 0 and any(
            asks(one.words) and not is_meta_request(one.words) and not self._is_asked_back(one)
            for one in self.clauses
            if one.words.bits & REQUEST.bit
        )
        self.tells_figures = any(
            clause.money and not (clause.words.hold(GAP) or clause.words.hold(ABOVE_ESTIMATE))
            for clause in self.clauses
        )
        self.tells_problem = self.asks_something and not self.tells_figures and not self.closing
        self._troubled: frozenset[int] | None = None
        self._by_project: dict[int | str, Draft] = {}
        self._label_hits: dict[int, list[Hit]] = {}
        self._labels: dict[tuple[int, str], Words] = {}

    def _out_of_brackets(self, found: re.Match[str]) -> str:
        """「【长垣十中】今天…」 as 「长垣十中：今天…」, of the same length, when a project is named so."""
        blank, words = found[1], found[2]
        if words in self.names.places or _NO_NAME_IN_BRACKETS.search(words):
            return found[0]
        named = self.names.match(words).match is not Match.NONE
        return f"{blank} {words}:" if named else found[0]

    def _as_item(self, body: str, found: re.Match[str]) -> str:
        """「2.…；3.9月底前…」 as 「3、9月底前」 where the item before stands in the list."""
        before = f"{int(found[1]) - 1}"
        listed = any(f"{before}{mark}" in body[: found.start()] for mark in (".", "、"))
        return f"{found[1]}、" if listed else found[0]

    def _as_heading(self, found: re.Match[str]) -> str:
        """「经开区｜甲完成率78.5%」 as 「经开区:甲…」: a place over what follows, and no table."""
        return f"{found[1]}:" if found[1].strip() in self.names.places else found[0]

    def _answers(self, written: Words) -> bool:
        """Whether it answers something that was dispatched, signalled or promised. written: the whole text."""
        named = any(not _PAYS.search(written.text, 0, one.start) for one in self.references)
        if self.verb == "反馈" or named or written.hold(FEEDBACK_HEAD):
            return True
        return any(
            one.dates
            and one.dates[-1].before
            and one.words.hold(COMMITMENT)
            and not asks(one.words)
            and not one.words.hold(FINISHES)
            and not one.words.hold(STARTS)
            for one in self.clauses
        )

    def _is_when_said(self, day: DateToken) -> bool:
        """「昨天报的」, 「更正7月29日旬报」: the day of a report, not of what it told."""
        if day.kind == "day" and _ITS_PAPER.match(self.plain, day.end) and self.words.hold(CORRECTION):
            return True
        return _WHEN_SAID.match(self.plain, day.end) is not None

    def _is_asked_back(self, clause: Clause) -> bool:
        """「请教一下，…能不能分两期缴？」: a question, no request."""
        return self.seeks_advice and self.plain.startswith("?", clause.end)

    def tells_no_problem_in(self, sentence: int) -> bool:
        """Whether obstacles are told in this message, but nothing of them or for them in this sentence."""
        if self._troubled is None:
            found = [one for one in self.clauses if tells_obstacle(one.words)]
            asked = [one for one in self.clauses if asks(one.words)]
            if not found:  # then what stands in one sentence with a request is what it is about
                told = {one.sentence for one in self.clauses if one.opens and not asks(one.words)}
                asked = [one for one in asked if one.sentence in told]
            self._troubled = frozenset(one.sentence for one in (*found, *asked))
        return bool(self._troubled) and sentence not in self._troubled

    def sentence_at(self, position: int) -> int:
        """The sentence of the clause that a position stands in."""
        return next((one.sentence for one in self.clauses if one.start <= position < one.end), -1)

    # --- while it is read ---------------------------------------------------------------------------------

    def remember_labels(self, clause: Clause) -> None:
        """Keep the hits of a heading for the clauses under it."""
        if clause.heads:
            self._label_hits[clause.start] = self.hits[clause.number]

    def label_of(self, clause: Clause) -> Words:
        """The heading over the clause without project names, courtesies and what already holds as context."""
        if not clause.label.text:
            return NO_WORDS
        key = clause.label_at, clause.label.text
        if key not in self._labels:
            self._labels[key] = self._telling_label(clause.label, clause.label_at)
        label = self._labels[key]
        return NO_WORDS if label.text in self.headings else label

    def _telling_label(self, label: Words, start: int) -> Words:
        text = label.text
        for hit in self._label_hits.get(start, ()):
            at = hit.start - start
            text = text[:at] + " " * (hit.end - hit.start) + text[hit.end - start :]
        text = _IN_PARENTHESES.sub(self._if_not_named, text.strip()).strip()
        text = "" if _PHASE_ALONE.fullmatch(text) else text  # 「建文百万吨洗涤剂|一期：」
        while lead := NAME_LEAD.end(text, 0, len(text)):
            text = text[lead:].strip()
        label = label.part(self.names.behind_place(text))
        if (
            not label.text
            or label.text in self.names.places
            or _NEUTRAL_LABEL.fullmatch(label.text)
            or label.begin_with(META)
            or label.hold(FEEDBACK_HEAD)
            or label.begin_with(COURTESY)
        ):
            return NO_WORDS
        return label

    def _if_not_named(self, found: re.Match[str]) -> str:
        """The words in parentheses of a label unless they belong to a project's name: 「高标准农田（农谷）」."""
        words = found[1]
        named = any(
            draft.project_id is not None and words in plain_form(self.names.projects[draft.project_id].name)
            for draft in self.current
        )
        return " " if named or words in self.names.places else found[0]

    def draft_for(self, hit: Hit, clause: Clause) -> Draft:
        """The project's draft; several mentions of one project share it."""
        mention = _OVER_THERE.sub("", self.source.words(hit.start, hit.end))
        result = hit.result
        key: int | str = mention if result.project_id is None else result.project_id
        if key not in self._by_project:
            span = self.source.span(hit.start, hit.end)
            draft = Draft(mention, result.match, result.project_id, result.candidates, clause.item, span)
            self._by_project[key] = draft
            self.drafts.append(draft)
        return self._by_project[key]

    def nobody(self) -> list[Draft]:
        """The current projects; what is told without naming one goes to a line without a mention."""
        if not self.current:
            if not self.drafts or self.drafts[0].mention:
                self.drafts.insert(0, Draft("", Match.NONE, None, (), None, None))
            self.current = [self.drafts[0]]
        return self.current

    def forget_the_only_mention(self) -> None:
        """The one project named so far was a slip of the tongue, unless something was told of it."""
        if len(self.drafts) == 1 and self.drafts[0].is_empty:
            self.drafts, self.current, self._by_project = [], [], {}

    def leads_to(self, clause: Clause, hit: Hit) -> bool:
        """Whether nothing but courtesies and days stands before a name."""
        at = clause.start
        days = {day.start: day.end for day in clause.dates}
        while at < hit.start:
            step = NAME_LEAD.end(self.plain, at, hit.start)
            if step == at and (step := days.get(at, at)) == at:
                return False
            at = step
        return at == hit.start

    def told_range(self, clause: Clause, text: str, start: int) -> tuple[int, int]:
        """The words of a clause without the project's name at its head. text: names blanked out."""
        first = len(text) - len(text.lstrip(" "))
        for hit in self.hits.get(clause.number, ()):
            if (self.leads_to(clause, hit) or _ASKED_FOR.search(self.plain[clause.start : hit.start])) or (
                first > 0 and _LISTING.fullmatch(self.plain, clause.start + first, hit.start)
            ):
                first = hit.end - clause.start
        a, b = trimmed(self.plain, max(start, clause.start + first), clause.end, clause.words)
        return (a + 1, b) if self.plain[a:b].startswith("的") else (a, b)


def _blanked(words: Words, references: Sequence[tuple[int, int]]) -> str:
    """The text with references and placeholders ([图片]) as blanks of the same length."""
    body = words.text
    if references:
        pieces, at = [], 0
        for start, end in references:
            pieces += [body[at:start], " " * (end - start)]
            at = end
        body = "".join([*pieces, body[at:]])
    if words.hold(_PLACEHOLDER):
        body = _PLACEHOLDER.pattern.sub(lambda found: " " * len(found[0]), body)
    return body


def is_meta_request(words: Words) -> bool:
    """「请后台改一下」, 「请予销号」: asked of the bot or of the list, not of a unit."""
    return words.stripped().begin_with(META) or words.hold(CLOSING)
