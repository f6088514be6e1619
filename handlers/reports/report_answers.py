"""An answer to an open question completes a line of a report draft (rules C3–C7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.hearing import hear
from handlers.reports import basis_words, report_readings
from handlers.understanding import answers
from handlers.understanding.phrases import somewhere
from handlers.understanding.phrases.corrections import WRONG
from handlers.understanding.reading import Amount, Basis, Figure, Reading
from handlers.understanding.text import plain_form
from models.errors import Invalid
from models.operations.report_lines import ReportBody, ReportLine, judge
from models.types import LineState

# Words of somebody who says why a figure is lower; a reason may name the figure that was wrong.
_EXPLAINS: Final = somewhere(
    r"[多少][报算计统填结]|[误错]|算[进入]|计入|重复|口径|核减|核销|扣|调[整减]|审计|原因|因为|由于|退[回货款]|清退|应[为是]"
    r"|结转|结算|变更|终止|剔|电话|口头|来[电函]|函告|对账"
)
# 「去年全年完成3000」: a figure of another year and nothing else.
_OF_ANOTHER_YEAR: Final = re.compile(
    r"(?:去年|上年|前年|20\d\d年?)(?:一整?年|全年|年?度|年?底|年?末)?(?:一共|总共|共|实际|已)*(?:累计)?(?:完成)?(?:投资)?"
    r"(?:额|数)?(?:是|为|了|:)*[\d.,]+(?:万元|亿元|万|亿|元)?(?:了|吧)?"
)
_TELLS_TOTAL: Final = re.compile(r"累[计积].*\d")  # a report that nothing could be made of
# 「写错了，2195」: another figure, not a reason.
_SLIP: Final = re.compile(
    r"(?:不好意思|抱歉|刚才|刚刚|我|又)*[写报打填输说发弄搞]错了?(?:[,，。；;\s]+|(?=是|应|改))(?:是|应该?是|应为|改成|改为)?\s*"
    r"(?P<amount>\S.*)"
)
# Asked for the figure of a project that stands at 0: there is still none.
_NOTHING_YET: Final = re.compile(
    r"(?:目前|暂时?|现在|还|尚|都|也)*+(?:累计|完成)*+(?:投资|产值|金额)?(?:还|尚|暂时?|目前|也|都)*+"
    r"(?:没有?|无|未(?:完成|发生|形成)|为?零)(?:累计|完成|新增|发生|形成)*(?:投资|产值|金额|数)?[呢的了]?[。.!！]*"
)


def explains(text: str) -> bool:
    """Whether a text says why a figure is lower, whatever figures it names (rule C6)."""
    return _EXPLAINS.search(text) is not None


_LINE_MARK: Final = re.compile(
    r"(?:^|(?<=[;；,，。\n\s]))(?:第\s*(?P<said>\d{1,2})\s*[条项个]\s*(?:是|为)?|(?P<circled>[①-⑳])|(?P<listed>\d{1,2})\s*[、:：)）])"
    r"[\s:：,，、]*(?=\S)"
)


def by_number(text: str) -> list[tuple[int, str]]:
    """「②3400；③没有变化」 as the numbers of lines with what is said to each; empty where it begins otherwise."""
    marks = list(_LINE_MARK.finditer(text.strip()))
    if not marks or marks[0].start() != 0:
        return []
    ends = [one.start() for one in marks[1:]] + [len(text.strip())]
    return [
        (
            ord(one["circled"]) - ord("①") + 1 if one["circled"] else int(one["said"] or one["listed"]),
            text.strip()[one.end() : end].strip(" ;；,，。"),
        )
        for one, end in zip(marks, ends, strict=True)
    ]


_BECAUSE: Final = re.compile(r"(?:原因|理由|因为|由于)[:：是为]?\s*(?P<why>\S.*)$", re.DOTALL)
_TAKES_BACK: Final = re.compile(rf"{WRONG}|不是")
_BLANKS: Final = re.compile(r"\s+")
_CLAUSE_ENDS: Final = re.compile(r"[,，;；。!！\n（(）)]+")
_NAMES_TOTAL: Final = re.compile(r"(?:累[计积]|年累|今年|年内|完成投资|应[为是]).{0,12}\d")


def told_reason(text: str) -> str:
    """Why the figure is lower, where the report itself says so behind it (rule C4: not asked for again); else empty."""
    because = _BECAUSE.search(text)
    if because is not None:
        return because["why"].strip(" 。.）)")
    if not explains(text):
        return ""
    clauses = [one.strip() for one in _CLAUSE_ENDS.split(text) if one.strip()]
    why = [one for one in clauses[1:] if explains(one) and not _NAMES_TOTAL.search(one)]
    return "，".join(clauses[clauses.index(why[0]) :]) if why else ""


def told_slip(text: str) -> str:
    """The words in which a report takes back an earlier one: 「刚才的污水厂报错了」; else empty."""
    return next((one.strip() for one in _CLAUSE_ENDS.split(text) if _TAKES_BACK.search(one)), "")


_WITH_BASIS: Final = re.compile(r"(?P<which>[\d①-⑤]|.{2,20}?(?=[,，、\s]))[,，、。\s]*(?P<basis>[^\d\s].*)")


def project_from(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    """A number of the candidates shown, or a name. Raises Invalid for a number that was not shown."""
    both = _WITH_BASIS.fullmatch(text.strip()) if line.said == Basis.UNSAID.value else None
    if both is not None and basis_words.alone(both["basis"]):  # 「2，累计」: both of what was asked (rule C4)
        chosen = project_from(context, line, both["which"])
        return chosen if chosen is None or chosen.project_id is None else _basis_words(chosen, both["basis"])
    choice = answers.parse_choice(text)
    if choice is not None and line.candidates:
        if choice == 0:
            return replace(line, state=LineState.UNKNOWN, candidates=())
        if choice > len(line.candidates):
            raise Invalid(f"没有第{choice}个", mend=f"请回 1–{len(line.candidates)}，或 0 都不是")
        return _for_project(context, line, line.candidates[choice - 1])
    found = access.candidates(context, text)
    if len(found) == 1:
        return _for_project(context, line, found[0].id)
    if len(found) > 1:
        return replace(line, candidates=tuple(one.id for one in found), mention=text[:40])
    return None


def _for_project(context: Context, line: ReportLine, project_id: int) -> ReportLine:
    project = context.directory.projects[project_id]
    principal = access.may_report(context, project)
    return replace(
        line, project_id=project_id, candidates=(), base_version=None, base_fen=None,
        for_id=principal.id if principal.id != context.sender.id else None,
    )  # fmt: skip


def _answer_figure(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    if answers.is_unchanged(text) or (line.base_fen == 0 and _NOTHING_YET.fullmatch(text.strip())):
        return replace(line, unchanged=not line.has_text, no_figure=True, amount_fen=None, said=None)
    answer = amount_from(context, line, text, bare=Basis.CUMULATIVE)
    if answer is not None and line.said == Basis.PERIOD.value and answer.said != Basis.PERIOD.value:
        # 本月完成 was said first and could not be added to anything: it stays beside the year-to-date figure.
        answer = replace(answer, extra_period_fen=line.amount_fen, period_name=line.period_name)
    return answer


def amount_from(context: Context, line: ReportLine, text: str, *, bare: Basis) -> ReportLine | None:
    """A figure in an answer: with its own words for the basis, or a bare amount on the basis that was asked for."""
    amount = answers.parse_bare_amount(text)
    line = replace(line, said_on=context.desk.today.isoformat())
    if amount is not None:
        return _with_bare_amount(line, amount, basis_words.beside_amount(text, bare))
    reading = hear(context, text)
    figures = [
        figure
        for one in reading.lines
        if one.project_id in (None, line.project_id)
        for figure in one.figures
    ]  # fmt: skip
    if not figures:
        return _amount_with_reason(line, text, bare=bare)
    report_readings.check_year(context, line.project_id, figures)
    figures = [replace(figure, basis=bare) if figure.basis is Basis.UNSAID else figure for figure in figures]
    return _with_other_facts(report_readings.with_figures(line, figures), reading, line.project_id)


def _with_bare_amount(line: ReportLine, amount: Amount, basis: Basis) -> ReportLine:
    """The line with another amount; 「改成35」 of what yesterday brought is yesterday's still."""
    told = report_readings.with_amount(
        replace(line, state=LineState.READY), Figure(amount=amount, basis=basis)
    )
    if basis is not Basis.PERIOD or line.said != Basis.PERIOD.value:
        return told
    return replace(told, period_name=line.period_name, period_first=line.period_first, as_of=line.as_of)


def _amount_with_reason(line: ReportLine, text: str, *, bare: Basis) -> ReportLine | None:
    """「4400，8月多报」, 「4400 原因 8月多报」: the bare amount that was asked for, and why it is lower (C4, C6)."""
    for separator in (_CLAUSE_ENDS, _BLANKS):
        first, *rest = separator.split(text.strip(), maxsplit=1)
        amount, why = answers.parse_bare_amount(first), "".join(rest).strip(" 。")
        if amount is not None and explains(why):
            break
    else:
        return None
    told = _with_bare_amount(line, amount, basis_words.beside_amount(first, bare))
    return replace(told, reason=(told_reason(text) or why)[:500])


def _with_other_facts(line: ReportLine, reading: Reading, project_id: int | None) -> ReportLine:
    """What an answer says besides the figure: 「3520万，渠首闸已完工」 (rule C4: nothing that was given is lost)."""
    for one in reading.lines:
        if one.project_id not in (None, project_id):
            continue
        told = one.image_progress or ""
        if told and told not in line.image_progress:
            line = replace(line, image_progress="，".join(filter(None, (line.image_progress, told)))[:500])
        finish = one.expected_finish.isoformat() if one.expected_finish else None
        line = replace(
            line, project_state=one.state or line.project_state, started_on=one.started_on or line.started_on,
            finished_on=one.finished_on or line.finished_on, phase=one.phase or line.phase,
            expected_finish=finish or line.expected_finish,
        )  # fmt: skip
    return line


def _another_figure(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    """An answer that names another figure than the one asked about: that figure is meant (rules C4, C5)."""
    if answers.parse_choice(text) in (1, 2):
        return None
    said = amount_from(context, line, text, bare=Basis(line.said or Basis.UNSAID.value))
    return None if said is None or said.amount_fen in (None, line.amount_fen) else said


def _answer_basis(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    other = _another_figure(context, line, text)
    if other is not None and other.said != Basis.UNSAID.value:
        return other
    return _basis_words(other or line, text) or other


def _basis_words(line: ReportLine, text: str) -> ReportLine | None:
    basis = basis_words.basis_of(text)
    if basis is None:
        return None
    said, period = basis
    if said is not Basis.PERIOD:
        return replace(line, said=said.value, period_name="", period_first=None)
    return replace(line, said=said.value, period_name=line.period_name if line.period_first else period)


def other_basis(line: ReportLine, text: str) -> ReportLine | None:
    """「改成累计」, 「不是本月，是累计」 of a figure that is read: the same amount, on that basis (rule C5)."""
    if line.amount_fen is None or line.said is None or not basis_words.alone(text):
        return None
    return _basis_words(replace(line, basis=None, state=LineState.READY, reason=""), text)


def _answer_reading(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    other = _another_figure(context, line, text)
    if other is not None and other.said not in (Basis.UNSAID.value, Basis.CUMULATIVE.value):
        return other
    return _reading_words(other or line, text) or other


def _reading_words(line: ReportLine, text: str) -> ReportLine | None:
    taken = basis_words.taken_as(text)
    if taken is None:
        return None
    return replace(line, said=Basis.CUMULATIVE.value, basis=taken[0].value, keep_basis=taken[1])


def _answer_reason(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    """Why the figure is lower; a figure that comes without a word of explanation is a better figure instead."""
    if (
        not explains(text)
        and not line.correction
        and (said := _another_figure(context, line, text)) is not None
    ):
        return said
    if not explains(text) and _TELLS_TOTAL.search(text):
        return None
    if (better := _better_figure(context, line, text)) is not None:
        return better
    slip = _SLIP.fullmatch(text.strip())
    if slip is not None and not line.correction and (said := _another_figure(context, line, slip["amount"])):
        return said
    if _OF_ANOTHER_YEAR.fullmatch(plain_form(text).strip(" 。.")):
        raise Invalid(
            "往年的数不是比台账少的原因", mend="请说明为什么少，例：8月把预付款算进去了；不报了请回「取消」"
        )
    reason = text.strip()
    for word in ("原因", "因为", "理由"):
        reason = reason.removeprefix(word).lstrip("：:，, ")
    return replace(line, reason=reason[:500]) if len(reason) >= 2 else None


def _better_figure(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    """「累计4400，8月把预付款算进去了」 to a lower 4500: the total said now is meant, the rest is why (rules C4, C6).

    None where the words in front explain something themselves, or tell the figure that is asked about or the ledger's.
    """
    why = told_reason(text)
    first = _CLAUSE_ENDS.split(text.strip(), maxsplit=1)[0]
    if not why or line.correction or explains(first) or not _NAMES_TOTAL.search(first):
        return None
    figures = [
        figure
        for one in hear(context, first).lines
        if one.project_id in (None, line.project_id)
        for figure in one.figures
    ]
    if len(figures) != 1 or figures[0].basis is Basis.UNSAID or figures[0].as_of is not None:
        return None
    if figures[0].amount.fen in (line.amount_fen, line.base_fen):
        return None
    said = report_readings.with_figures(replace(line, said_on=context.desk.today.isoformat()), figures)
    return replace(said, reason=why[:500])


def _answer_refused(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    said = amount_from(context, line, text, bare=Basis(line.said or Basis.CUMULATIVE.value))
    if said is not None:
        return said
    if answers.parse_yes_no(text):
        judged = judge(context.desk, line, author_id=context.sender.id)
        if judged.verdict is not None and judged.verdict.suggested is not None:
            return replace(line, amount_fen=judged.verdict.suggested)
    return None


_REPEATED: Final = re.compile(
    r"(?:对的?|嗯+|好的?|确实|哦|啊|，|,)*+(?:是|就是)?(?:发?重复?了|重复发送?了?|发重了)[。.!！]?"
)


def _answer_repeat(_context: Context, line: ReportLine, text: str) -> ReportLine | None:
    plain = plain_form(text).strip()
    if plain.startswith(("不是", "再记", "没有重复", "没重复", "不重复")):
        return replace(line, repeat_ok=True)
    if answers.parse_yes_no(text) or plain.startswith(("是", "忽略", "重复")) or _REPEATED.fullmatch(plain):
        return replace(line, state=LineState.CANCELLED)
    return None


def _answer_check(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    amount = answers.parse_bare_amount(text)
    if amount is None:
        return None
    return amount_from(context, line, text, bare=Basis(line.said or Basis.CUMULATIVE.value))


Answer = Callable[[Context, ReportLine, str], ReportLine | None]

_ANSWERS: Final[dict[LineState, Answer]] = {
    LineState.ASK_PROJECT: project_from,
    LineState.UNKNOWN: project_from,
    LineState.ASK_FIGURE: _answer_figure,
    LineState.ASK_BASIS: _answer_basis,
    LineState.ASK_READING: _answer_reading,
    LineState.NEEDS_REASON: _answer_reason,
    LineState.REFUSED: _answer_refused,
    LineState.ASK_REPEAT: _answer_repeat,
    LineState.CHECK_UNIT: _answer_check,
}


def answered(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    """The line with the answer in it; None when the text does not answer what its state asks."""
    answer = _ANSWERS.get(line.state)
    return answer(context, line, text) if answer is not None else None


def with_same_basis(body: ReportBody, text: str) -> ReportBody:
    """「累计」, said to several lines that ask the same, holds for each of them."""
    for other in body.lines:
        if other.state is LineState.ASK_BASIS and other.said == Basis.UNSAID.value:
            same = _basis_words(other, text)
            body = body.with_line(same) if same is not None else body
    return body


WAITED_FOR: Final = {
    LineState.ASK_PROJECT: "项目（请回编号）",
    LineState.UNKNOWN: "项目名称",
    LineState.ASK_FIGURE: "累计完成投资",
    LineState.ASK_BASIS: "说明：「累计完成」还是「本月完成」",
    LineState.ASK_READING: "说明：「今年累计」还是「开工以来累计」",
    LineState.NEEDS_REASON: "原因",
    LineState.REFUSED: "正确金额",
    LineState.ASK_REPEAT: "答复：是否重复发送",
}
