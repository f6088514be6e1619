"""/更正 项目 数字 原因 …: correct a figure that is in the ledger (rule C6)."""

import re
from dataclasses import replace

from handlers import access
from handlers.context import Context
from handlers.hearing import hear
from handlers.reports import ledger_fields, reports
from handlers.understanding.answers import parse_bare_amount
from handlers.understanding.reading import Basis, Figure, Match, ProjectLine
from handlers.verbs import Command, Order
from models.errors import NotFound, NotUnderstood

_REASON = re.compile(
    r"(?<![,，;；\s])[,，;；\s]*+(?:原因|理由|因为|由于)[:：是为]?\s*(?P<reason>.+)$", re.DOTALL
)
# 「ZX0031 4400 8月多报300万」: project, amount, and the rest is the reason.
_UNLABELLED = re.compile(
    r"\S+\s+(?:(?:今年)?累计)?[0-9０-９][0-9０-９,.]*(?:万元|亿元|万|亿|元)?[\s，,；;]+(?P<reason>[^\s\d].*|\d{1,2}月.+)$",
    re.DOTALL,
)
# 「污水厂更正成4600，核减单已补」, 「ZX0031累计更正为4400万，8月多报预付款」
_TURN = (
    r"(?P<name>[A-Za-z]{2}\d{4}|[\u4e00-\u9fff]{2,20}?)"
    r"的?(?:今年)?(?:累计)?(?:完成)?(?:投资)?[数额]?\s?更正[为成到]\s?"
)
_SAID = re.compile(rf"(?:请)?(?:把|将)?(?P<args>{_TURN}\d.*)", re.DOTALL)
_TURNED = re.compile(
    rf"{_TURN}(?P<amount>[\d.,]{{1,20}}\s?(?:万元|亿元|万|亿|元)?)[\s，,；;]*(?P<why>.*)", re.DOTALL
)
_PARTS = re.compile(r"[\s，,、；;：:]+")  # 「ZX0031，4400」 (rule C18)
EXAMPLES = ("/更正 ZX0031 累计4400万 原因 8月多报预付款",)


def run(context: Context, args: str) -> None:
    if not args:
        raise NotUnderstood("", examples=EXAMPLES)
    if (turned := _TURNED.fullmatch(args)) is not None:
        args = f"{turned['name']} {turned['amount'].rstrip(',')} {turned['why']}".strip()
    found = _REASON.search(args) or _UNLABELLED.match(args)
    reason = found["reason"].strip() if found else ""
    body = args[: found.start("reason")].rstrip(" ，,；;") if found and found.re is _UNLABELLED else args
    if found and found.re is _REASON:
        body = args[: found.start()]
    ledger_fields.refuse(context, f"{body} 改为…")
    line = _line(context, body)
    reports.start(context, [line], correction=True, reason=reason)


def _line(context: Context, body: str) -> ProjectLine:
    """The project and the figure: in plain words, or simply 「ZX0031 4400」."""
    parts = _PARTS.split(body.strip(" ，,、；;：:"), maxsplit=1)
    word, rest = parts[0], parts[1] if len(parts) > 1 else ""
    candidates = access.candidates(context, word)
    amount = parse_bare_amount(rest) if rest.strip() else None
    if len(candidates) == 1 and (amount is not None or not rest.strip()):
        figures = (Figure(amount=amount, basis=Basis.YEAR_TO_DATE),) if amount is not None else ()
        return ProjectLine(mention=word, match=Match.UNIQUE, project_id=candidates[0].id, figures=figures)
    reading = hear(context, body)
    if len(reading.lines) != 1:
        raise NotUnderstood(body[:20], examples=EXAMPLES)
    line = reading.lines[0]
    if line.match is Match.NONE:
        raise NotFound(line.mention)
    plain = tuple(
        replace(figure, basis=Basis.YEAR_TO_DATE) if figure.basis is Basis.UNSAID else figure
        for figure in line.figures
    )
    return replace(line, figures=plain)


COMMAND = Command(
    "更正",
    summary="更正已入账的数，须说明原因",
    usage=EXAMPLES[0],
    run=run,
    order=Order.OF_NAME,
    said=_SAID,
    may=access.in_ledger,
)
