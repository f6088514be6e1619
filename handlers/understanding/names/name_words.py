"""What the words of a project name weigh when a mention is compared with it.

The weights are fixed tables, never statistics over the registry: how one name matches must not depend on
other projects, least of all on projects the author may not see (rule B4).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# One line per group: how much one character of these words counts in a mention (1 is the norm).
GENERIC: tuple[tuple[float, str], ...] = (
    (0.0, "建设项目 改造项目 工程项目 项目 工程 的 了 呢 啊 吧 嘛 哈"),
    (0.0, "咱们这个 咱们那个 咱们 咱 我们 这个 那个 那条 这条 那块 这块 那边 这边 这里 那里"),
    (0.15, "产线 建设 新建 投资 有限公司 集团 公司 企业 股份 科技 厂区"),
    (0.15, "市区 县城"),
    (0.3, "园区 基地 改造 扩建 改扩建 治理 提升 综合 标段 工地 现场 中心 段"),
    (0.5, "新区 院区 校区 产业园 工业园 生产线"),
)
_WEIGHT_OF = {word: weight for weight, words in GENERIC for word in words.split()}
_GENERIC = re.compile("|".join(sorted(_WEIGHT_OF, key=len, reverse=True)))
# Bigrams that stand in so many names that they say nothing; they are not indexed.
SILENT = frozenset({"项目", "工程", "建设", "公司", "有限", "年产", "设项", "造项", "造工", "程项"})

_DROP = re.compile(r"[^0-9a-z.\u3400-\u9fff]+")
_KEEP = re.compile(r"[0-9a-z.\u3400-\u9fff]+")
# As long as the words that names have for them: 110kV, 110千伏.
_UNIT_WORDS = {"kv": "千伏", "kw": "千瓦", "mw": "兆瓦", "km": "公里"}
_UNIT_SIGN = re.compile(rf"(?<=\d)(?:{'|'.join(_UNIT_WORDS)})(?![a-z])")
_PHASE_DIGIT = re.compile(r"([1-9])(?=期)")
_PHASE = re.compile(r"[一二三四五六七八九](?=期)")
_ASCII = re.compile(r"[0-9a-z.]+")
_HAN_DIGITS = "零一二三四五六七八九"

_NUMBERED_KIND = re.compile("[中小院园]")
_SIDE = re.compile(r"[\u4e00-\u9fff]{0,4}?(?:城(?P<city>[东西南北])|(?P<quarter>[东西南北])[区郊](?!域))")
_TOWNSHIP = re.compile(
    r"(?:[\u4e00-\u9fff]{2,3}[县市区])?(?!我|咱|俺|全|本|该|各|这|那|几|两|重点|建制|特色|美丽|中心|示范)(?P<name>[\u4e00-\u9fff]{2,3}?)[镇乡](?!区|村|域|政府|镇|里)"
)
_NUMBERED = re.compile(
    r"第([一二三四五六七八九十]{1,3})(?=(?:实验|人民|高级|初级|职业|附属|完全)*(?:中学|小学|中(?![学心医部原国])|小(?!学)|医院|幼儿园))"
    r"|(?<![第一二三四五六七八九十])([一二三四五六七八九十]{1,3})(?=(?:实验)?(?:中|小)(?:学|$))"
)


def folded(plain: str) -> str:
    """A name or mention for comparing: no punctuation, 3期 as 三期. plain: already in plain form."""
    text = _DROP.sub("", plain)
    if "k" in text or "m" in text:
        text = _UNIT_SIGN.sub(lambda found: _UNIT_WORDS[found[0]], text)
    return _PHASE_DIGIT.sub(lambda found: _HAN_DIGITS[int(found[1])], text) if "期" in text else text


def folded_with_positions(plain: str) -> tuple[str, Sequence[int]]:
    """The folded form, and for each of its characters the position in plain."""
    text = folded(plain)
    if len(text) == len(plain):
        return text, range(len(plain))
    return text, [index for run in _KEEP.finditer(plain) for index in range(*run.span())]


def phases(text: str) -> frozenset[str]:
    """一期, 二期 … named in a folded text."""
    return frozenset(_PHASE.findall(text)) if "期" in text else frozenset()


def numbered(text: str) -> frozenset[str]:
    """The numbers of schools and hospitals named in a folded text: 十二 of 第十二中学, 十 of 十中."""
    if _NUMBERED_KIND.search(text) is None:
        return frozenset()
    return frozenset(one[1] or one[2] for one in _NUMBERED.finditer(text))


def side(text: str) -> str:
    """The side of a town that a folded name begins with, behind a county: 南 of 青禾县城南污水处理厂."""
    found = _SIDE.match(text)
    return "" if found is None else found["city"] or found["quarter"]


def township(text: str) -> frozenset[str]:
    """The characters of the township at the head of a folded name, behind a county: 常村 of 辉县市常村镇污水处理厂."""
    found = _TOWNSHIP.match(text) if "镇" in text or "乡" in text else None
    return frozenset() if found is None else frozenset(found["name"])


def weights(text: str) -> list[float]:
    """The weight of each character of a folded mention."""
    found = [1.0] * len(text)
    for match in _GENERIC.finditer(text):
        start, end = match.span()
        found[start:end] = [_WEIGHT_OF[match[0]]] * (end - start)
    return found


def ascii_tokens(text: str) -> frozenset[str]:
    """Numbers and Latin words of a folded text; they match whole or not at all (G327 is not G32)."""
    return frozenset(_ASCII.findall(text))


def ascii_token_at(text: str, index: int) -> str:
    """The number or Latin word that begins at index, empty if none does."""
    match = _ASCII.match(text, index)
    return match[0] if match else ""
