"""A day by which the sender commits to clear an item or to catch up."""

from __future__ import annotations

from handlers.understanding.clauses import Clause
from handlers.understanding.issues import Said
from handlers.understanding.message import Message
from handlers.understanding.phrases import Words, any_of
from handlers.understanding.phrases.states import FINISHES, STARTS
from handlers.understanding.phrases.talk import CATCH_UP, COMMITMENT
from handlers.understanding.reading import Promise
from handlers.understanding.values.dates import as_deadline

_PAST = any_of(r"已(?:于|经|在)|(?:日|号|底)已")
_IF = any_of(r"如果|要是|假如|倘若|能[^,，。;；]{0,6}[不吗么]$")  # 「如果本月投600万能转绿不」
_TOO_FAR = 300  # days; a promise a year ahead is a date that has passed
_FORESEES = any_of(r"预计|预期|有望")
_FAR = 20  # characters


def _of_somebody_else(message: Message, clause: Clause) -> bool:
    """「水利局承诺月底拆完」: a commitment of a unit, not of the sender."""
    said = clause.words.find(COMMITMENT)
    if said is None:
        return False
    end = clause.start + said.start()
    start = max(message.plain.rfind(mark, 0, end) for mark in ",，;；。:\n") + 1
    return bool(message.names.units.find(message.plain, max(start, end - _FAR), end, message.names.places))


def take_commitment(message: Message, clause: Clause, words: Words) -> None:
    """The day of a commitment that also tells an amount: 「承诺6月30日前到位资金5000万」."""
    if clause.words.hold(COMMITMENT):
        take_promise(message, clause, Said.of(words))


def take_promise(message: Message, clause: Clause, said: Said) -> bool:
    """「承诺5月25日前全部拆完」, 「10月18日追平」."""
    words = said.words
    if said.asked or not clause.dates or words.hold(_PAST) or words.hold(_IF):
        return False
    if not message.feedback and (words.hold(FINISHES) or words.hold(STARTS)):
        return False
    day = clause.dates[-1]
    due = as_deadline(day, message.today, message.calendar)
    if due is None or not 0 <= (due - message.today).days <= _TOO_FAR:
        return False
    catch_up = words.hold(CATCH_UP)
    if not message.feedback and _of_somebody_else(message, clause):
        return False
    commits = Words.of(f"{clause.label.text}:{words.text}").hold(COMMITMENT)
    if words.hold(_FORESEES) and not (catch_up or commits):
        return False
    if not (catch_up or commits or (message.feedback and (day.before or day.kind == "within"))):
        return False
    if not message.feedback and not message.current and not catch_up:
        return False
    for draft in message.nobody():
        draft.promised_by = due
        if catch_up:
            draft.promises.append(Promise(due, None, message.source.span(clause.start, clause.end)))
    if commits and not catch_up:
        message.feedback = True
    message.used.append((clause.start, clause.end))
    return True
