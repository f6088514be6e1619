"""How a message is usually read: every name compared by its pairs of characters, a few expressions for the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

AMOUNT = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)\s*(亿元|亿|万元|万|元)?")
PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")
DATE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})[日号])?")
KINDS = {
    "cumulative": re.compile(r"累计|开工以来|总共"),
    "year": re.compile(r"今年|本年|年累|年度"),
    "period": re.compile(r"本月|本周|本旬|当月|\d月份?完成"),
    "issue": re.compile(r"问题|困难|请|协调|卡|受阻|没批|缺|停工|未"),
    "query": re.compile(r"[?？]|多少|哪些|吗|查"),
    "closing": re.compile(r"销号|核销"),
    "feedback": re.compile(r"督办|提醒函|交办|红灯|黄灯|反馈|回复"),
    "started": re.compile(r"开工|动工"),
    "finished": re.compile(r"竣工|完工|投产|通车"),
}


def pairs(text: str) -> frozenset[str]:
    return frozenset(text[index : index + 2] for index in range(len(text) - 1))


def read(text: str, names: Sequence[tuple[str, frozenset[str]]]) -> Mapping[str, object]:
    """The best name, all numbers, percentages and dates, and which kinds of words each clause holds."""
    said = pairs(text)
    best = max(names, key=lambda name: len(name[1] & said) / len(name[1]))
    clauses = re.split(r"[，。；;！？\n]", text)
    return {
        "project": best[0],
        "clauses": [
            (
                AMOUNT.findall(clause),
                PERCENT.findall(clause),
                DATE.findall(clause),
                [kind for kind, words in KINDS.items() if words.search(clause)],
            )
            for clause in clauses
        ],
    }
