"""The text as it is read: one plain form for matching, and the way back to the author's own characters.

Full-width letters and digits become half-width, letters become lower case, characters nobody can see
(NUL, bidirectional marks, zero-width joins) are left out. Everything else stays one to one, so that a
position in the plain form leads back to the original.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.understanding.reading import Span

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# 「，」 and 「；」 stay what they are: an ASCII comma may stand inside a number, a full-width one does not.
for _kept in "，；":
    del _FULL_WIDTH[ord(_kept)]
_OTHERS = {
    "\u3000": " ",
    "\u00a0": " ",
    "\t": "|",
    "\r": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "—": "-",
    "–": "-",
    "－": "-",
    "−": "-",
    "～": "-",
    "〜": "-",
    "~": "-",
    "﹪": "%",
    "‰": "‰",
    "〔": "[",
    "〕": "]",
    "【": "【",
    "】": "】",
    "\u2018": "'",
    "\u2019": "'",
    "〇": "零",
    "○": "零",
}
_PLAIN = {
    **{chr(code): chr(half).lower() for code, half in _FULL_WIDTH.items()},
    **_OTHERS,
    **{chr(code): chr(code + 32) for code in range(65, 91)},
}
_VARIANT = re.compile(f"[{re.escape(''.join(_PLAIN))}]")
INVISIBLE = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff"
# Besides what nobody can see: the blank that some input methods put between a number and its unit, and the
# blank that spreadsheets put between thousands (完成1 260万).
_BLANKS = " \u00a0\u2007\u2009\u202f\u3000"
_BETWEEN_THOUSANDS = "|".join(rf"(?<=[\u4e00-\u9fff:：]{'[0-9０-９]' * n}[{_BLANKS}])" for n in (1, 2, 3))
_UNSEEN = re.compile(
    rf"[ {INVISIBLE}](?:(?<! )|(?<=[0-9０-９] ) *(?=[万亿元%％月日号]|年(?![累投度内初])))"
    rf"|[{_BLANKS}](?:{_BETWEEN_THOUSANDS})(?=[0-9０-９]{{3}}(?:[.．][0-9０-９]+)? ?[万亿元])"
)
# 「5,2OO万」: the letter for the digit, where a unit shows that a number was meant.
_LETTER_FOR_ZERO = re.compile(r"(?<=\d)o+(?=[\do]{0,12}[万亿元%])")
# What input methods put for words of every report; each as long as what it stands for.
_SLIP_OF = {
    slip: word
    for word, slips in {
        "投资": "投姿 投咨 投自 偷资", "累计": "累记 类计 累季 累纪", "完成": "完城 完呈 玩成",
        "万元": "万圆", "进度": "进渡", "年度": "年渡", "竣工": "峻工 骏工",
    }.items()
    for slip in slips.split()
}  # fmt: skip
_SLIPS = re.compile(f"(?:{'|'.join(_SLIP_OF)})(?!有|己|由|然|主|筹|带)")
_MAY_BE_SLIP = re.compile(f"[{''.join(sorted({one[0] for one in _SLIP_OF}))}]")
# A full-width comma between thousands: after full-width digits, or right behind a word of money (完成4，300万元).
_OF_MONEY = "成资计累投为约达共付位出来年月旬周度是了到去额入内有概近过超逾际支拨钱:："
_AFTER_MONEY = "|".join(
    rf"(?<=[{_OF_MONEY}]{'[0-9]' * n}，)|(?<=[万亿元]、{'[0-9]' * n}，)" for n in (1, 2, 3)
)
_FULL_WIDTH_THOUSANDS = re.compile(
    rf"，(?:(?<=[０-９]，)(?=[０-９]{{3}}(?![０-９]))"
    rf"|(?:{_AFTER_MONEY})(?=[0-9]{{3}}(?:\.[0-9]+)? ?[万亿元]))"
)


def plain_form(text: str) -> str:
    """The plain form alone, for names and short answers where nobody asks for positions."""
    return _as_plain(_UNSEEN.sub("", _FULL_WIDTH_THOUSANDS.sub(",", text)))


def _as_plain(seen: str) -> str:
    plain = _VARIANT.sub(lambda found: _PLAIN[found[0]], seen)
    if _MAY_BE_SLIP.search(plain):
        plain = _SLIPS.sub(lambda found: _SLIP_OF[found[0]], plain)
    if "o" not in plain:
        return plain
    return _LETTER_FOR_ZERO.sub(lambda found: "0" * len(found[0]), plain)


@dataclass(frozen=True, slots=True)
class Source:
    """A message: `original` as written, `plain` as matched; `offsets` only where the two differ in length."""

    original: str
    plain: str
    offsets: tuple[int, ...] | None

    @classmethod
    def of(cls, text: str) -> Source:
        """Never fails, whatever characters the text holds."""
        if _UNSEEN.search(text) is None:
            return cls(text, _as_plain(_FULL_WIDTH_THOUSANDS.sub(",", text)), None)
        gaps = {i for found in _UNSEEN.finditer(text) for i in range(*found.span())}
        seen = tuple(i for i in range(len(text)) if i not in gaps)
        return cls(text, plain_form(text), (*seen, len(text)))

    def span(self, start: int, end: int) -> Span:
        """The original characters behind the plain range [start, end)."""
        if self.offsets is not None:
            last = self.offsets[end - 1] + 1 if end > start else self.offsets[start]
            start, end = self.offsets[start], last
        return Span(start, end, self.original[start:end])

    def words(self, start: int, end: int) -> str:
        """The original words behind the plain range [start, end)."""
        if self.offsets is None:
            return self.original[start:end]
        return self.span(start, end).text
