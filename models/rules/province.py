"""What people write of reports to the province: sent under a 文号, answered with a promise (rules G1, O2). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

LONGEST_REPLY: Final = 1000
_LONGEST_NUMBER: Final = 40
_DAY: Final = (
    r"(?:(?P<year>20\d\d)\s*[年\-/.]\s*)?(?P<month>\d{1,2})\s*[月\-/.]\s*(?P<day>\d{1,2})\s*[日号]?"
    r"|(?P<near>[今昨前][天日])"
)
_DATE: Final = re.compile(rf"(?<![\d.])(?:{_DAY})(?!\d)")
_DAY_SHAPE: Final = r"(?:(?:20\d\d\s*[年\-/.]\s*)?\d{1,2}\s*[月\-/.]\s*\d{1,2}\s*[日号]?|[今昨前][天日])"
_SENT: Final = re.compile(
    rf"^(?:[4四]\s*级)?[,，\s]*(?:(?:报省)?材料)?\s*于?(?:{_DAY_SHAPE})?\s*(?:材料)?\s*(?:"
    r"(?:已经?|现已|刚刚?)\s*(?:正式)?(?:报送?|上报|上传|报到|送)(?:了|至|到|给)?\s*"
    r"(?:省(?:综合专班|专班|级|里)?(?:系统)?(?!厅|委|局)|(?=[,，\s]*文号))"
    r"|报省(?=[,，\s]*文号)|(?=文号))"
)
_NUMBER: Final = re.compile(
    r"(?P<code>[\u4e00-\u9fffA-Za-z]{1,12})\s*[〔\[【(（]\s*(?P<year>20\d\d)\s*[〕\]】)）]\s*第?\s*(?P<number>\d{1,5})\s*号"
)
_LABEL: Final = re.compile(r"文号(?:为|是)?[:：\s]*")
_SAYS: Final = r"(?:批复|回复|答复|函复|复函|回函|批示|反馈|明确|复)(?:意见|如下|称)?"
_AUTHORITY: Final = r"省(?:综合专班|专班|里|级|[\u4e00-\u9fff]{0,8}?(?:委|厅|局|办|府|部门))"
_REPLY: Final = re.compile(
    rf"^(?:{_DAY_SHAPE})?[,，\s]*{_AUTHORITY}\s*(?:于|在)?\s*(?:{_DAY_SHAPE})?\s*"
    rf"(?:已|正式|来文|书面|电话)*(?:{_SAYS}[:：,，\s]*|[:：]\s*)",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """number: empty when no 文号 was written. day: when it was sent, None when not said."""

    number: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Reply:
    """words: the whole as written. promise: what follows the head, where the new date stands. day: of the reply."""

    words: str
    promise: str
    day: date | None


def says_sent(text: str) -> bool:
    """Whether this says that the paper has gone up: 「已报省 文号 …」."""
    return _SENT.match(text.strip()) is not None


def sent(text: str, today: date) -> Sent:
    """Read 「10月13日已报省 文号 云攻坚〔2026〕41号」, or a bare 文号."""
    head = _SENT.match(text.strip())
    tail = text.strip()[head.end() :] if head is not None else text.strip()
    number = number_in(tail)
    outside = _NUMBER.sub("", text)
    return Sent(number, day_in(outside, today))


def number_in(text: str) -> str:
    """云攻坚〔2026〕41号 in its usual form; behind 「文号」 whatever stands there; empty for none."""
    label = _LABEL.search(text)
    part = text[label.end() :] if label is not None else text
    found = _NUMBER.search(part)
    if found is not None:
        return f"{found['code']}〔{found['year']}〕{int(found['number'])}号"
    words = part.strip(" ,，。;；:：").split() if label is not None else []
    return words[0][:_LONGEST_NUMBER] if words else ""


def day_in(text: str, today: date) -> date | None:
    """The first day named, the latest such day not far ahead: 「10月20日」, 「昨天」."""
    found = _DATE.search(text)
    if found is None:
        return None
    if found["near"]:
        return today - timedelta(days="今昨前".index(found["near"][0]))
    year = int(found["year"]) if found["year"] else today.year
    try:
        day = date(year, int(found["month"]), int(found["day"]))
        if not found["year"] and day > today + timedelta(days=60):
            return day.replace(year=year - 1)
    except ValueError:
        return None
    return day


def is_reply(text: str) -> bool:
    """Whether the words begin as an answer of the province: 「省综合专班10月20日复：…」."""
    return _REPLY.match(text.strip()) is not None


def reply(text: str, today: date) -> Reply:
    """Read it; words that have no such head are the promise as a whole."""
    words = text.strip()[:LONGEST_REPLY]
    head = _REPLY.match(words)
    if head is None:
        return Reply(words, words, None)
    return Reply(words, words[head.end() :].strip(), day_in(words[: head.end()], today))
