"""A message becomes a Reading: text, names and a date go in, nothing else; nothing is stored or asked here."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from handlers.understanding.clauses import Clause, Tokens, clauses_of
from handlers.understanding.dates import DateToken, WorkCalendar, as_deadline, as_event, as_period, date_tokens
from handlers.understanding.figures import (
    Context,
    Kind,
    basis_of_all,
    judge_amount,
    judge_percentage,
    this_period,
)
from handlers.understanding.issues import (
    IssueDraft,
    after_problem_label,
    asks,
    is_problem_label,
    issue_of,
    joined,
    tells_obstacle,
    trimmed,
)
from handlers.understanding.mentions import Hit, find_mentions
from handlers.understanding.names import Names
from handlers.understanding.numbers import AmountToken, amount_tokens, percentage_tokens
from handlers.understanding.phrases import (
    CATCH_UP,
    CLOSING,
    COMMITMENT,
    CORRECTION,
    COURTESY,
    CUMULATIVE,
    EXPECTED,
    FEEDBACK_HEAD,
    FIGURE_FILLER,
    FINISHES,
    FORECAST,
    GAP,
    META,
    NAME_LEAD,
    NO_NEW_MONEY,
    NO_PROBLEM,
    NOT_CLOSING,
    QUESTION,
    STARTS,
    UNCHANGED,
    URGENT,
    YTD,
)
from handlers.understanding.quantities import is_quantity
from handlers.understanding.reading import (
    Amount,
    Basis,
    Figure,
    Intent,
    Match,
    Percentage,
    Period,
    Promise,
    ProjectLine,
    Reading,
    Span,
)
from handlers.understanding.references import find_references
from handlers.understanding.states import state_of
from handlers.understanding.text import Source

_THIS_PERIOD = re.compile(r"本周|这周|本月|当月|本旬|这个月|上周|上月|上半月|下半月")
_LIST_HEADING = re.compile(r"情况|进展|进度|如下|汇总|统计|通报|小结|简报|报表|[周月旬]报|数据?$|表$")
_RATE_COLUMN = re.compile(r"率|比例|占比|%|比重")
_FEN_PER_BASIS_POINT = 10_000  # a bare 71.7 was read as 71.7 万元
_WHOLE = 200 * 100 * _FEN_PER_BASIS_POINT
_FORWARDED = re.compile(r"^\s*[【\[(]?(?:转发|转自|【转】|fw:)")
_PLACEHOLDER = re.compile(
    r"\[(?:图片|照片|视频|文件|语音|动画表情|表情|链接|位置)\]|\[[\u4e00-\u9fff]{1,3}\]"
)
_COMMAND = re.compile(r"^\s*[/、]?\s*(?P<verb>查询?|反馈|办结|销号|报)(?=\s|[a-z]{1,3}\d|[:])")
_HEADING = re.compile(FIGURE_FILLER.pattern + r"|上午|下午|早上|晚上|情况|数据?|报|周|旬|简|表|汇总|小结")
_ADVANCES = re.compile(r"已|完成|正在|施工|封顶|浇筑|安装|开始|进场|开工|竣工|目前|预计|计划|累计|投资|形象")
_PAST = re.compile(r"已(?:于|经|在)|(?:日|号|底)已")
_TOO_FAR = 300  # days; a promise a year ahead is a date that has passed
_PLEADS = re.compile(r"(?<![申邀报提敬呈有])请|恳|希望|建议|麻烦|需要?|能否|可否|能不能|盼|求")
_DONE = re.compile(r"已(?!经?[不无没])|完毕|完成|结束|取得|封顶")


@dataclass(slots=True)
class _Draft:
    """One project while the message is read."""

    mention: str
    match: Match
    project_id: int | None
    candidates: tuple[int, ...]
    number: int | None
    span: Span | None
    line: ProjectLine
    figures: list[Figure] = field(default_factory=list)
    percentages: list[Percentage] = field(default_factory=list)
    funds: dict[str, Amount] = field(default_factory=dict)
    promises: list[Promise] = field(default_factory=list)
    facts: list[tuple[int, int]] = field(default_factory=list)
    problem: IssueDraft = field(default_factory=IssueDraft)
    as_of: date | None = None

    @property
    def has_figures(self) -> bool:
        return bool(self.figures or self.percentages or self.funds or self.line.payment_rate is not None)


def read(
    text: str,
    names: Names,
    today: date,
    *,
    calendar: WorkCalendar,
    place: str | None = None,
    visible: Container[int] | None = None,
    quoted: tuple[Span, ...] = (),
) -> Reading:
    """What the author's own words say (rule C16: quoted spans, positions in text, are data and left out).

    place: the sender's county. visible: the projects the sender may see, None for all; no other project can
    appear in the result or influence it. Never raises; runs in time linear in the length of the text.
    """
    for span in quoted:
        text = text[: span.start] + "\n" * (span.end - span.start) + text[span.end :]
    if _FORWARDED.match(text):
        return Reading((Intent.SMALLTALK,))
    return _Reader(Source.of(text), names, today, calendar, place, visible).reading()


def _on_basis(figure: Figure, basis: Basis) -> Figure:
    return replace(figure, basis=basis) if figure.basis in {Basis.UNSAID, Basis.CUMULATIVE} else figure


def _as_percentages(tokens: Sequence[AmountToken], source: Source) -> list[Percentage]:
    """Bare numbers under 「完成率(%)」: 71.7 is 71.7 %, not 71.7 万元."""
    return [
        Percentage(one.amount.fen // _FEN_PER_BASIS_POINT, "unspecified", source.span(one.start, one.end))
        for one in tokens
        if one.amount is not None and not one.unit and one.amount.fen <= _WHOLE
    ]


class _Reader:
    def __init__(
        self,
        source: Source,
        names: Names,
        today: date,
        calendar: WorkCalendar,
        place: str | None,
        visible: Container[int] | None,
    ) -> None:
        self.source, self.names, self.today, self.calendar = source, names, today, calendar
        command = _COMMAND.match(source.plain)
        self.verb = command["verb"] if command else ""
        body = source.plain
        if command:
            body = " " * command.end() + body[command.end() :]
        self.references = find_references(body)
        for one in self.references:
            body = body[: one.start] + " " * (one.end - one.start) + body[one.end :]
        body = _PLACEHOLDER.sub(lambda found: " " * len(found[0]), body)
        self.plain = body
        self.clauses = clauses_of(body, self._tokens(body))
        self.context = Context(today, calendar)
        if re.search(r"单位[:]?亿元?", body):
            self.context.wan_unit = 10_000
        place = self._heading_place() or place
        self.hits = find_mentions(body, self.clauses, names, visible=visible, place=place)
        self.drafts: list[_Draft] = []
        self.current: list[_Draft] = []
        self.used: list[tuple[int, int]] = [(hit.start, hit.end) for hit in self.hits]
        self.unchanged = False
        self.query = False
        self.told_plan = False
        self.event_day: DateToken | None = None
        self.headings: set[str] = set()  # labels whose words already hold as context
        self.former: str | None = None
        self.correction = CORRECTION.search(body) is not None
        self.feedback = (
            self.verb == "反馈"
            or FEEDBACK_HEAD.search(source.plain) is not None
            or any(one.item for one in self.references)
        )
        self.feedback = self.feedback or any(
            COMMITMENT.search(one.text) and not asks(one.text) and one.dates and one.dates[-1].before
            for one in self.clauses
        )
        closing = CLOSING.search(body) is not None and NOT_CLOSING.search(body) is None
        self.closing = closing or self.verb in {"办结", "销号"}

    def _tokens(self, body: str) -> Tokens:
        dates = list(date_tokens(body, self.today))
        taken = [(one.start, one.end) for one in dates]
        percents = []
        for percent in percentage_tokens(self.source):
            if body[percent.span.start : percent.span.start + 1] == " ":
                continue
            percents.append(percent)
            taken.append((percent.span.start, percent.span.end))
        taken.sort()
        free = iter([*taken, (len(body) + 1, len(body) + 1)])
        start, end = next(free)
        amounts = []
        for amount in amount_tokens(self.source):
            while end <= amount.start:
                start, end = next(free)
            if amount.end <= start and body[amount.start] != " ":
                amounts.append(amount)
        return Tokens(amounts, percents, dates)

    def _heading_place(self) -> str | None:
        match = re.match(r"\s*【([\u4e00-\u9fff]{2,6})】", self.plain)
        return self.names.places.get(match[1]) if match else None

    # --- clauses ------------------------------------------------------------------------------------------

    def reading(self) -> Reading:
        by_clause: dict[int, list[Hit]] = {}
        for hit in self.hits:
            by_clause.setdefault(hit.clause, []).append(hit)
        has_request = any(
            asks(clause.text) and not self._is_meta_request(clause.text) for clause in self.clauses
        )
        has_amount = any(
            not is_quantity(self.plain, one) and not GAP.search(clause.text)
            for clause in self.clauses
            for one in clause.amounts
        )
        self.tells_problem = has_request and not has_amount and not self.closing
        self.in_problem = self.in_request = self.after_obstacle = False
        for number, clause in enumerate(self.clauses):
            self._clause(clause, by_clause.get(number, []))
        return self._result()

    def _clause(self, clause: Clause, hits: Sequence[Hit]) -> None:
        if hits:
            self.context.annual_plan = False
            self.current = [self._draft(hit, clause) for hit in hits]
            if clause.opens:
                self.in_problem = self.in_request = False
        if clause.opens and (clause.separator == "\n" or hits):
            self.in_request = self.in_problem = False
        clause.label = self._label(clause)
        skip = [(hit.start, hit.end) for hit in hits]
        text = clause.text
        for hit in hits:
            a, b = hit.start - clause.start, hit.end - clause.start
            text = text[:a] + " " * (b - a) + text[b:]
        taken = self._numbers(clause, hits, skip)
        if taken:
            self.used.extend((day.start, day.end) for day in clause.dates)
            return
        if self._headings(clause, text):
            return
        self._words(clause, text)

    def _label(self, clause: Clause) -> str:
        """The heading over the clause without project names."""
        label = clause.label
        if clause.label_at >= 0:
            for hit in self.hits:
                if clause.label_at <= hit.start < clause.label_at + len(label):
                    at = hit.start - clause.label_at
                    label = label[:at] + " " * (hit.end - hit.start) + label[hit.end - clause.label_at :]
        label = label.strip()
        if label in self.names.places or label in self.headings:
            return ""
        return "" if META.match(label) or COURTESY.match(label) else label

    @staticmethod
    def _is_meta_request(text: str) -> bool:
        """「请后台改一下」, 「请予销号」: asked of the bot or of the list, not of a unit."""
        return META.match(text.strip()) is not None or CLOSING.search(text) is not None

    def _draft(self, hit: Hit, clause: Clause) -> _Draft:
        mention = self.source.words(hit.start, hit.end)
        for draft in self.drafts:
            same = hit.result.project_id is not None and draft.project_id == hit.result.project_id
            if same or (hit.result.project_id is None and draft.mention == mention):
                return draft
        draft = _Draft(
            mention, hit.result.match, hit.result.project_id, hit.result.candidates, clause.item,
            self.source.span(hit.start, hit.end), ProjectLine(mention, hit.result.match),
        )  # fmt: skip
        self.drafts.append(draft)
        return draft

    def _nobody(self) -> list[_Draft]:
        """What is told without naming a project goes to a line without a mention."""
        if not self.current:
            if not self.drafts or self.drafts[0].mention:
                self.drafts.insert(
                    0, _Draft("", Match.NONE, None, (), None, None, ProjectLine("", Match.NONE))
                )
            self.current = [self.drafts[0]]
        return self.current

    def _numbers(self, clause: Clause, hits: Sequence[Hit], skip: list[tuple[int, int]]) -> bool:
        """Take what the clause's numbers say; True if the clause was about them."""
        taken = False
        money = [one for one in clause.amounts if not any(a <= one.start < b for a, b in skip)]
        if _RATE_COLUMN.search(clause.label):
            clause.percents.extend(_as_percentages(money, self.source))
            money = [one for one in money if one.unit]
        after_name = bool(hits) or bool(self.current and clause.separator in {":", " ", "|"})
        share = self._shares(clause, hits, len(money))
        for index, token in enumerate(money):
            verdict = judge_amount(
                self.plain, clause, token, skip=skip, context=self.context, after_name=after_name or index > 0
            )
            if verdict.superseded:
                self.correction = True
            if verdict.kind in {Kind.NOT_MONEY, Kind.UNKNOWN}:
                continue
            taken = True
            if verdict.kind is Kind.SET_ASIDE:
                self.told_plan = self.told_plan or bool(self.current)
                continue
            owners = self._owners(share, hits, index, token.start)
            if not owners:
                continue
            self.used.append((token.start, token.end))
            draft = owners[0]
            if verdict.figure is not None:
                draft.figures.append(verdict.figure)
                draft.as_of = verdict.figure.as_of or draft.as_of
                self.context.basis = None
            elif verdict.promise is not None:
                draft.promises.append(verdict.promise)
            elif token.amount is not None:
                draft.funds[verdict.kind.value] = token.amount
        shared = self._shares(clause, hits, len(clause.percents))
        for index, percent in enumerate(clause.percents):
            base, is_rate = judge_percentage(
                self.plain, clause, percent, skip=skip, context=self.context, after_name=after_name
            )
            if base is None and not is_rate:
                continue
            taken = True
            owners = self._owners(shared, hits, index, percent.span.start)
            if not owners:
                continue
            self.used.append((percent.span.start, percent.span.end))
            if is_rate:
                owners[0].line = replace(owners[0].line, payment_rate=percent.basis_points)
                continue
            self.context.percent_of = base
            owners[0].percentages.append(self._percentage(percent, base or "unspecified"))
            owners[0].as_of = self._cut_off(clause) or self.context.as_of or owners[0].as_of
        if NO_NEW_MONEY.search(clause.text) and not money:
            self._no_new_money(clause)
            taken = True
        return taken

    def _percentage(self, percent: Percentage, base: str) -> Percentage:
        return Percentage(percent.basis_points, base, self.source.span(percent.span.start, percent.span.end))

    def _no_new_money(self, clause: Clause) -> None:
        span = self.source.span(clause.start, clause.end)
        period = None
        for day in clause.dates:
            period = as_period(day, self.today) or period
        as_of = self._cut_off(clause) or self.context.as_of
        if period is not None:
            period = replace(
                period,
                name=clause.text[clause.dates[0].start - clause.start : clause.dates[0].end - clause.start],
            )
        basis = Basis.PERIOD
        if clause.dates and clause.dates[-1].kind == "year":
            basis, period = Basis.YEAR_TO_DATE, None
        figure = Figure(Amount(0, unit_said=True, approximate=False, span=span), basis, period, as_of)
        for draft in self._nobody():
            draft.figures.append(figure)
            draft.as_of = as_of or draft.as_of

    def _shares(self, clause: Clause, hits: Sequence[Hit], amounts: int) -> bool:
        """「甲、乙分别完成…万元、…万元」: as many amounts as projects, in order."""
        if len(self.current) < 2 or amounts != len(self.current):
            return False
        if hits:
            return all(
                re.fullmatch(r"[、和与及,，\s]*", self.plain[a.end : b.start])
                for a, b in zip(hits, hits[1:], strict=False)
            )
        return "分别" in clause.text or clause.separator in {":", ",", "，", ""}

    def _owners(self, share: bool, hits: Sequence[Hit], index: int, position: int) -> list[_Draft]:
        if share:
            return [self.current[index]]
        before = [number for number, hit in enumerate(hits) if hit.end <= position]
        if hits and before and len(self.current) > 1:
            last = before[-1]
            joined_with_next = last and re.fullmatch(
                r"[、和与及\s]*", self.plain[hits[last - 1].end : hits[last].start]
            )
            return [] if joined_with_next else [self.current[last]]
        if len(self.current) > 1:
            return []
        return self._nobody()[:1]

    def _cut_off(self, clause: Clause) -> date | None:
        for day in reversed(clause.dates):
            found = as_period(day, self.today)
            if day.kind == "month" and day.offset:
                continue  # 本月 names no cut-off
            if found and found.first <= self.today and day.kind in {"day", "month", "months"}:
                return min(found.last, self.today)
        return None

    def _headings(self, clause: Clause, text: str) -> bool:
        """「截至5月20日」, 「一季度投资情况」, 「累计数写错了」 hold for the figures after them.

        True when the clause says nothing else.
        """
        if STARTS.search(text):
            return False
        cut = self._cut_off(clause)
        words = text
        for day in clause.dates:
            words = words.replace(clause.text[day.start - clause.start : day.end - clause.start], " ")
        is_label = self.plain[clause.end : clause.end + 1] == ":"
        bare = not re.sub(r"[^\u4e00-\u9fffa-z]+", "", _HEADING.sub("", words))
        if cut is not None and (bare or re.match(r"\s*截[至止]", text)):
            self.context.as_of = cut
            period = as_period(clause.dates[-1], self.today)
            if (
                bare
                and period
                and period.first.month == 1
                and period.first.day == 1
                and period.first != period.last
            ):
                self.context.basis = Basis.YEAR_TO_DATE
            self.used.extend((day.start, day.end) for day in clause.dates)
        if is_label and cut is not None and not clause.amounts and _LIST_HEADING.search(text):
            self.context.as_of = cut
            period = as_period(clause.dates[-1], self.today)
            if period and (period.first.month, period.first.day) == (1, 1) and period.last > period.first:
                self.context.heading = Basis.YEAR_TO_DATE
            self.headings.add(clause.text.strip())
            return True
        if is_label and YTD.search(text) and _LIST_HEADING.search(text) and not clause.amounts:
            self.context.heading = Basis.YEAR_TO_DATE
            return True
        if is_label and not clause.amounts and (stretch := self._month_heading(clause, text)):
            self.context.period, self.context.as_of = stretch, min(stretch.last, self.today)
            self.headings.add(clause.text.strip())
            return True
        if is_label and (period_said := _THIS_PERIOD.search(text)) and not clause.amounts:
            self.context.period = this_period(period_said[0], self.today)
        if bare and YTD.search(text):
            self.context.basis = Basis.YEAR_TO_DATE
            return True
        if bare and len(clause.dates) == 1 and clause.dates[0].kind in {"day", "dayno", "relative"}:
            self.event_day = clause.dates[0]
        if bare and (cut is not None or is_label):
            return True
        if is_label and re.search("投资|累计|形象|进度|计划|资金", text):
            return True
        if not clause.amounts and not clause.percents and len(text.strip()) <= 12:
            if YTD.search(text) and CUMULATIVE.search(text):
                self.context.basis = Basis.YEAR_TO_DATE
            elif re.search(r"累计(?:数|投资|完成)", text):
                self.context.basis = Basis.CUMULATIVE
        return False

    def _month_heading(self, clause: Clause, text: str) -> Period | None:
        """「封丘三个项目8月投资：」."""
        if not re.search(r"投资|完成", text):
            return None
        for day in clause.dates:
            if day.kind == "month" and not day.offset and day.part not in {"底", "末"}:
                found = as_period(day, self.today)
                if found is not None and found.first <= self.today:
                    said = clause.text[day.start - clause.start : day.end - clause.start]
                    return replace(found, name=said)
        return None

    def _words(self, clause: Clause, text: str) -> None:
        """A clause without figures: a state, a problem, a request, a fact, or nothing of use."""
        stripped = text.strip(" ,，。:")
        if not stripped:
            return
        if UNCHANGED.search(stripped) and len(stripped) <= 20:
            if self.current and self.current[0].mention:
                for draft in self.current:
                    draft.line = replace(draft.line, unchanged=True)
            else:
                self.unchanged = True
            return
        if NO_PROBLEM.search(stripped) and not FINISHES.search(stripped) and not STARTS.search(stripped):
            return
        if is_problem_label(stripped) and self.plain[clause.end : clause.end + 1] == ":":
            return
        if self._takes_back(stripped):
            return
        if self._is_question(clause, stripped):
            self.query = True
            return
        if (
            clause.dates
            and not self.feedback
            and not self.closing
            and not tells_obstacle(text)
            and not asks(text)
            and self._state(clause, text)
        ):
            return
        if self._closing_words(clause, stripped) or self._is_meta_request(stripped):
            return
        if self._promise(clause, text):
            return
        if not tells_obstacle(text) and not asks(text) and clause.dates and self._state(clause, text):
            return
        if self._problem(clause, text):
            return
        if self._state(clause, text):
            return
        self._fact(clause, text)

    def _takes_back(self, stripped: str) -> bool:
        """「市中医院…哦不是，是…」: the name before was a slip."""
        if (
            not re.fullmatch(
                r"[哦噢啊呃哎唉]*(?:不是|不对|说错了?|打错了?|错了|发错了?|口误)[哦噢啊呃了]*", stripped
            )
            or len(self.drafts) != 1
        ):
            return False
        draft = self.drafts[0]
        if not (draft.has_figures or draft.facts or draft.problem.obstacles):
            self.drafts, self.current = [], []
        return True

    def _is_question(self, clause: Clause, stripped: str) -> bool:
        follows = self.plain[clause.end : clause.end + 1]
        if not (QUESTION.search(stripped) or follows == "?" or self.verb.startswith("查")):
            return False
        return not asks(re.sub(r"请问|查一下|能不能(?:告诉|发|查|看)", "", stripped)) or self.verb.startswith(
            "查"
        )

    def _closing_words(self, clause: Clause, stripped: str) -> bool:
        return self.closing and CLOSING.search(stripped) is not None and len(stripped) <= 16

    def _promise(self, clause: Clause, text: str) -> bool:
        """「承诺5月25日前全部拆完」, 「10月18日追平」."""
        if asks(text) or not clause.dates or _PAST.search(text):
            return False
        day = clause.dates[-1]
        due = as_deadline(day, self.today, self.calendar)
        catch_up, commits = CATCH_UP.search(text), COMMITMENT.search(f"{clause.label}:{text}")
        if due is None or due < self.today or (due - self.today).days > _TOO_FAR or not (catch_up or commits or (self.feedback and day.before)):
            return False
        if not self.feedback and not self.current and not catch_up:
            return False
        for draft in self._nobody():
            draft.line = replace(draft.line, promised_by=due)
            if catch_up:
                draft.promises.append(Promise(due, None, self.source.span(clause.start, clause.end)))
        if commits and not catch_up:
            self.feedback = True
        self.used.append((clause.start, clause.end))
        return True

    def _problem(self, clause: Clause, text: str) -> bool:
        start = after_problem_label(self.plain, clause.start, clause.end)
        labelled = is_problem_label(clause.label) or start > clause.start
        if labelled:
            self.in_problem = True
        requested = asks(text) or (
            self.in_request and bool(clause.dates) and (clause.dates[0].before or not EXPECTED.search(text))
        )
        answered = (self.feedback or self.closing) and not self.tells_problem
        if self.feedback and requested and not _PLEADS.search(text):
            requested = False
        if requested and not (answered and not asks(text)):
            self.in_request = True
            for draft in self._nobody():
                draft.problem.requests.append(clause)
                if tells_obstacle(text):
                    draft.problem.told.append(clause)
            self.used.append((clause.start, clause.end))
            return True
        obstacle = tells_obstacle(text) or (
            self.after_obstacle and not clause.opens and _ADVANCES.search(text) is None
        )
        self.after_obstacle = False
        if answered or not (obstacle or self.in_problem or (self.tells_problem and self.current)):
            return False
        if not (self.current and (self.current[0].mention or self.references)) and not self.tells_problem:
            return False
        if (
            META.match(text.strip())
            or COURTESY.match(text.strip())
            or not re.search(r"[\u4e00-\u9fff]{2}", text)
        ):
            return False
        if not obstacle and not self.in_problem and _DONE.search(text):
            return False
        a, b = self._told(clause, text, start)
        if b - a < 2:
            return False
        for draft in self._nobody():
            if obstacle or self.in_problem or not draft.problem.requests:
                draft.problem.obstacles.append((a, b))
            draft.problem.told.append(clause)
            self._suspended(draft, clause, text)
        self.used.append((a, b))
        self.after_obstacle = obstacle
        return True

    def _suspended(self, draft: _Draft, clause: Clause, text: str) -> None:
        found = state_of(clause, text, today=self.today, calendar=self.calendar, former=None)
        if found.state in {"suspended", "not_started"}:
            draft.line = replace(draft.line, state=found.state)

    def _told(self, clause: Clause, text: str, start: int) -> tuple[int, int]:
        """The words of a clause without the project's name at its head."""
        first = len(text) - len(text.lstrip(" "))
        for hit in self.hits:
            if clause.start <= hit.start < clause.end and NAME_LEAD.fullmatch(
                self.plain, clause.start, hit.start
            ):
                first = hit.end - clause.start
        a, b = trimmed(self.plain, max(start, clause.start + first), clause.end)
        return (a + 1, b) if self.plain[a:b].startswith("的") else (a, b)

    def _state(self, clause: Clause, text: str) -> bool:
        if not clause.dates and self.event_day is not None:
            clause.dates = [self.event_day]  # 「9月10日，…正式投产」
            self.event_day = None
        found = state_of(clause, text, today=self.today, calendar=self.calendar, former=self.former)
        self.former = found.former
        if not self.current:
            return False
        values = {
            "state": found.state,
            "started_on": found.started_on,
            "finished_on": found.finished_on,
            "expected_start": found.expected_start,
            "expected_finish": found.expected_finish,
        }
        said = {key: value for key, value in values.items() if value is not None}
        for draft in self.current:
            draft.line = replace(draft.line, **said)  # type: ignore[arg-type]  # fields of ProjectLine
        if said:
            self.used.extend((day.start, day.end) for day in clause.dates)
        self.told_plan = self.told_plan or found.former is not None or found.consumed
        return found.consumed or found.former is not None

    def _fact(self, clause: Clause, text: str) -> None:
        stripped = text.strip()
        if META.match(stripped) or COURTESY.match(stripped):
            return
        if "百分点" in stripped:
            return
        if self.feedback and re.search(r"原因[是为:]|的原因|主要原因", stripped):
            return
        if clause.label and FORECAST.search(clause.label):
            return
        if (FORECAST.search(re.sub(r"计划", "", text)) and not self.feedback) or self._plans(clause, text):
            self.told_plan = self.told_plan or bool(self.current)
            return
        a, b = self._told(clause, text, clause.start)
        while (
            head := next(
                (day for day in clause.dates if day.start == a and day.kind in {"relative", "week"}), None
            )
        ) is not None:
            a, b = trimmed(self.plain, head.end, b)
        if not re.search(r"[\u4e00-\u9fff]{2}", self.plain[a:b]) or META.match(self.plain[a:b]):
            return
        if not re.search(r"[\u4e00-\u9fff]{2}", FIGURE_FILLER.sub("", self.plain[a:b])):
            return
        for draft in self._nobody():
            draft.facts.append((a, b))
        self.used.append((a, b))

    def _plans(self, clause: Clause, text: str) -> bool:
        """A clause about what lies ahead."""
        if re.search(r"计划|打算|准备(?!就绪|工作)|下一?步|下周|明天|下月", text) and not re.search(
            r"已|完成了", text
        ):
            return True
        for day in clause.dates:
            period = as_period(day, self.today)
            this_year = day.kind in {"month", "day"} and day.year is None and day.month is not None
            ahead = this_year and ((day.month or 0), day.day or 31) > (self.today.month, self.today.day)
            if (
                period is None
                or period.first > self.today
                or (ahead and (day.day or day.part in {"底", "末"} or (day.month or 0) > self.today.month))
            ):
                return day.kind not in {"feast", "within", "dayno"}
        return False

    # --- result -------------------------------------------------------------------------------------------

    def _result(self) -> Reading:
        lines = []
        refs = tuple(dict.fromkeys(self.source.words(one.start, one.end) for one in self.references))
        correction = self.correction
        for draft in self.drafts:
            line = self._line(draft, correction)
            if not line.mention and self.references:
                line = replace(line, item_refs=refs)
            if (
                line.mention
                or line.figures
                or line.percentages
                or line.funds
                or line.promises
                or line.issues
                or line.promised_by
                or (line.image_progress and self.references)
            ):
                lines.append(line)
        if (basis := basis_of_all(self.plain)) is not None:
            lines = [
                replace(line, figures=tuple(_on_basis(one, basis) for one in line.figures)) for line in lines
            ]
        intents = self._intents(lines)
        return Reading(
            intents,
            tuple(lines),
            refs,
            self.unchanged,
            urgent=URGENT.search(self.plain) is not None,
            unread=() if intents == (Intent.SMALLTALK,) and not self.clauses else self._unread(),
        )

    def _line(self, draft: _Draft, correction: bool) -> ProjectLine:
        issue = None
        problem = draft.problem
        if problem.obstacles or problem.requests:
            issue = issue_of(problem, self.source, names=self.names, today=self.today, calendar=self.calendar)
        dated = draft.line.expected_finish is not None or draft.line.expected_start is not None
        return replace(
            draft.line,
            project_id=draft.project_id,
            candidates=draft.candidates,
            number=draft.number,
            figures=tuple(draft.figures),
            percentages=tuple(draft.percentages),
            funds=tuple(draft.funds.items()),
            image_progress=joined(self.source, draft.facts) or None,
            promises=tuple(draft.promises),
            correction=correction and (bool(draft.figures or draft.percentages) or dated),
            issues=(issue,) if issue else (),
            span=draft.span,
            as_of=draft.as_of,
        )

    def _intents(self, lines: Sequence[ProjectLine]) -> tuple[Intent, ...]:
        found: list[Intent] = []
        figures = any(line.figures or line.percentages or line.payment_rate is not None for line in lines)
        told = any(
            line.image_progress
            or line.state
            or line.expected_start
            or line.expected_finish
            or line.funds
            or line.unchanged
            for line in lines
        )
        dated = any(
            line.image_progress
            or line.started_on
            or line.finished_on
            or line.expected_start
            or line.expected_finish
            or line.funds
            for line in lines
        )
        promised = any(line.promised_by or (line.promises and not (figures or dated)) for line in lines)
        issues = any(line.issues for line in lines)
        if self.closing:
            found.append(Intent.CLOSE_REQUEST)
        elif self.feedback or promised:
            if self.query and not told and not figures and not promised:
                return (Intent.QUERY,)
            found.append(Intent.FEEDBACK)
        if figures or (not found and (dated or (told and not issues) or self.unchanged)):
            found.append(Intent.PROGRESS)
        if issues:
            found.append(Intent.ISSUE)
        if (self.query or self.verb.startswith("查")) and (not issues or figures):
            found.append(Intent.QUERY)
        if not found and self.told_plan:
            return (Intent.PROGRESS,)
        return tuple(found) or (Intent.SMALLTALK,)

    def _unread(self) -> tuple[Span, ...]:
        """Amounts, percentages and days that no line took."""
        used = sorted(self.used)
        found: list[Span] = []
        for clause in self.clauses:
            tokens = [
                *(
                    (one.start, one.end)
                    for one in clause.amounts
                    if one.amount is None or one.unit or one.end - one.start > 2
                ),
                *((one.span.start, one.span.end) for one in clause.percents),
                *((one.start, one.end) for one in clause.dates if one.kind in {"day", "dayno", "within"}),
            ]
            found.extend(
                self.source.span(start, end)
                for start, end in sorted(tokens)
                if not any(a <= start < b for a, b in used)
            )
        return tuple(found)


__all__ = ["as_event", "read"]
