"""What a table is not searched for, it could not have found: signs and first characters hide nothing."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Container, Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import handlers.understanding
from handlers.understanding import Names, ProjectName, read
from handlers.understanding.clauses import SOFT_BREAK
from handlers.understanding.names.name_likeness import _TWINS
from handlers.understanding.names.name_words import folded
from handlers.understanding.phrases import Phrases, Shown, Words, any_of, matches
from handlers.understanding.phrases.problems import OBSTACLE
from handlers.understanding.phrases.signs import showing
from handlers.understanding.registry import Registry, load_units
from handlers.understanding.text import plain_form
from handlers.understanding.values.date_forms import _BEGINS_DATE, _FORMS
from handlers.understanding.values.numbers import _BEGINS_AMOUNT, _NOT_ALONE, AMOUNT_RUN
from tests.understanding.fixtures_city import CALENDAR, DATA, NAMES, PROJECTS, ROOT


def _tables() -> dict[str, Phrases]:
    """Every table once, under the first module that has it: others import the same one."""
    found: dict[str, Phrases] = {}
    room = f"{handlers.understanding.__name__}."
    for module in pkgutil.walk_packages(handlers.understanding.__path__, room):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Phrases) and value not in found.values():
                found[f"{module.name.removeprefix(room)}.{name}"] = value
    return found


TABLES = _tables()
MESSAGES = [
    json.loads(line)["text"] for line in (DATA / "reports.jsonl").read_text(encoding="utf-8").splitlines()
]
PHRASES = sorted(
    {one for table in TABLES.values() for one in re.findall(r"[\u4e00-\u9fff]+", table.pattern.pattern)}
)
TEXTS = st.one_of(
    st.sampled_from(MESSAGES),
    st.lists(
        st.sampled_from([*PHRASES, "，", "。", ":", "5500万", "75%", "10月", "[图片]"]), max_size=12
    ).map("".join),
    st.text(max_size=40),
).map(plain_form)


def _hides_nothing(table: Phrases, text: str) -> None:
    found = [match.span() for match in table.pattern.finditer(text)]
    assert [match.span() for match in table.each(text, 0, len(text))] == found
    words = Words.of(text)
    assert [match.span() for match in words.each(table)] == found
    assert words.hold(table) == bool(found)
    assert words.begin_with(table) == (table.pattern.match(text) is not None)
    assert words.are(table) == (table.pattern.fullmatch(text) is not None)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_text_with_a_phrase_shows_it(name: str) -> None:
    table = TABLES[name]

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(table.pattern, alphabet=st.characters(exclude_categories=["Cs", "Zl", "Zp", "Cc"])))
    def check(text: str) -> None:
        _hides_nothing(table, text)

    check()


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_every_table_in_any_text(text: str) -> None:
    for table in TABLES.values():
        _hides_nothing(table, text)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(0, 40), st.integers(0, 40))
def test_a_stretch_shows_what_it_holds(text: str, start: int, length: int) -> None:
    shown = Shown(text)
    bits = shown.between(start, start + length)
    for table in TABLES.values():
        if table.pattern.search(text[start : start + length]):
            assert bits & table.bit


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_words_under_a_label_show_what_both_and_the_colon_hold(label: str, text: str) -> None:
    together = Words.of(text).under(Words.of(label))
    for table in TABLES.values():
        assert together.hold(table) == (table.pattern.search(together.text) is not None)


DATE_WORDS = """
1 4 9 12 30 2024 20 一 二 三 十 十一 两 半 五一 本 这 当 上 下 次 今 明 去 前 后 昨 大 头 第 的 个 年 月 日 号 旬 周
星期 礼拜 季 季度 半年 半月 份 底 末 初 中 内 天 晚 工作日 之前 以前 以内 之内 国庆 中秋 端午 春节 元旦 清明 劳动节
节 度 q q3 - / . 、 至 到 , 。 完成
"""
DATE_LIKE = st.lists(st.sampled_from(DATE_WORDS.split()), max_size=7).map("".join)


@settings(max_examples=600, deadline=None)
@given(TEXTS | DATE_LIKE)
def test_dates_begin_where_they_are_looked_for(text: str) -> None:
    found = [match.span() for match in matches(_FORMS, _BEGINS_DATE, text, 0, len(text))]
    forms = [match.span() for match in _FORMS.finditer(text)]
    assert found == [
        (start + (text[start] == "的"), end) for start, end in forms
    ]  # 的 joins a year and a month


@settings(max_examples=600, deadline=None)
@given(
    TEXTS
    | DATE_LIKE
    | st.text("0123456789.,零一二两十百千万亿点元块圆角分整左右上下余多来几个约w¥ ", max_size=9)
)
def test_numbers_begin_where_they_are_looked_for(text: str) -> None:
    """A Chinese digit alone is looked for in vain: it counts something else, so it is dropped anyway."""
    found = [match.span() for match in matches(AMOUNT_RUN, _BEGINS_AMOUNT, text, 0, len(text))]
    told = [match for match in AMOUNT_RUN.finditer(text) if not _NOT_ALONE.fullmatch(match[0])]
    alone = {match.span() for match in AMOUNT_RUN.finditer(text) if _NOT_ALONE.fullmatch(match[0])}
    assert [span for span in found if span not in alone] == [match.span() for match in told]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PROJECTS), st.text(max_size=8), st.text(max_size=8))
def test_a_text_with_a_name_shares_a_pair_with_it(project: ProjectName, before: str, after: str) -> None:
    name = folded(plain_form(project.name))
    assert NAMES.share_a_pair(before + name + after)
    alone = frozenset({project.id})
    for text in (before + name + after, name[::2], name[:4]):
        for visible in (None, alone):
            if NAMES.alike(text, visible=visible):
                assert NAMES.share_a_pair(text, visible) or re.search(r"[\d.a-z]", text)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PROJECTS), st.sampled_from(PROJECTS), st.sampled_from(_TWINS), st.text(max_size=4))
def test_a_name_alike_shares_a_pair_with_it_whoever_asks(
    seen: ProjectName, other: ProjectName, twins: tuple[str, str], more: str
) -> None:
    """Who sees one project only is not told less of it."""
    name = folded(plain_form(other.name))
    for text in (name, twins[0] + name[-4:], name[:3] + twins[0], folded(plain_form(more)) + twins[1]):
        if NAMES.alike(text, visible=frozenset({seen.id})):
            assert NAMES.share_a_pair(text, frozenset({seen.id})) == NAMES.share_a_pair(text)


class _Unhurried(Names):
    """Names that are compared with everything."""

    def have_one_of(self, pairs: Sequence[str], visible: Container[int] | None) -> bool:
        return True


def test_readings_are_the_same_without_any_shortcut(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = Registry.load(DATA / "projects.csv")
    units = load_units(ROOT / "models/data/unit_aliases.yaml")
    texts = [*MESSAGES, *("\n".join(pair) for pair in zip(MESSAGES, MESSAGES[7:], strict=False))]
    today = date(2024, 11, 25)
    names, unhurried = Names.of(registry.projects, units), _Unhurried.of(registry.projects, units)
    quick = [read(text, names, today, calendar=CALENDAR) for text in texts]
    monkeypatch.setattr(Shown, "between", lambda *_: -1)  # every table may hold: all are searched
    assert [read(text, unhurried, today, calendar=CALENDAR) for text in texts] == quick


@pytest.mark.parametrize(
    ("phrase", "signs"),
    [
        ("停工", {"停工"}),
        ("累[计积]", {"累计", "累积"}),
        ("没(?:有)?通过", {"通过"}),
        ("(?<!不)存在的?问题", {"存在"}),
        ("缺(?!席)", {"缺"}),
        ("(?:督办|提醒)函?", {"督办", "提醒"}),
        (r"\d+%", {"%"}),
        ("(?:[一二])成", {"一成", "二成"}),
        (r"\d+", None),
        ("(?:请)?", None),
        ("停工|[^停]", None),
    ],
)
def test_signs_of_a_phrase(phrase: str, signs: set[str] | None) -> None:
    assert showing(phrase).signs == signs


def test_the_characters_a_phrase_begins_with() -> None:
    assert SOFT_BREAK.begins.match("截")
    assert SOFT_BREAK.begins.match("的") is None
    assert showing("(?:已经?|实际)?完成|(?<!不)停").begins == {"已", "实", "完", "停"}
    assert showing(r"[^停]工").begins is None


@pytest.mark.parametrize("phrase", ["停工)", "(停工", "(?i)停工", "停[工-]", "(?>停工)"])
def test_a_phrase_of_something_else_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"phrase|group|hyphen"):
        showing(phrase)


def test_a_table_that_nothing_shows_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing shows"):
        any_of(r"停工 \d+")


def test_a_phrase_added_to_a_table_needs_no_second_edit() -> None:
    table = any_of(OBSTACLE.pattern.pattern, "天塌了")
    assert Words.of("昨天天塌了一半").hold(table)
