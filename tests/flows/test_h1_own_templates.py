"""The office's own templates: a faulty one is refused in words before anything is numbered (rules H1, H2)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from templates.documents import SHIPPED

from .city import City, lacks, says, silent
from .conftest import OpenCity
from .test_s44_supervision_letter import NUMBER, document, issued, pressed

NAME = "督办函.docx"


def _changed(path: Path, old: str, new: str) -> None:
    """The shipped template with other words."""
    paper = docx.Document(str(SHIPPED / NAME))
    touched = 0
    for paragraph in paper.paragraphs:
        if old in paragraph.text:
            text = paragraph.text.replace(old, new)
            for place, run in enumerate(paragraph.runs):
                run.text = text if place == 0 else ""
            touched += 1
    assert touched, old
    paper.save(str(path))


def _open_ended(path: Path) -> None:
    _changed(path, "{{ 责任人 }}", "{% if 责任人 %}{{ 责任人 }}")


def _unknown_field(path: Path) -> None:
    _changed(path, "{{ 文号 }}", "{{ 文号 }}{{ 发文字号 }}")


def _unclosed(path: Path) -> None:
    _changed(path, "{{ 文号 }}", "{{ 文号 }")


def _a_sum(path: Path) -> None:
    _changed(path, "{{ 文号 }}", "{{ 文号 }}{{ 文号 / 2 }}")


def _no_number(path: Path) -> None:
    _changed(path, "{{ 文号 }}", "云攻坚督〔2026〕12号")


def _no_document(path: Path) -> None:
    path.write_bytes(b"%PDF-1.4 not Word")


FAULTS: tuple[tuple[Callable[[Path], None], str], ...] = (
    (_unknown_field, "不认识的占位「发文字号」"),
    (_unclosed, "占位写法有误"),
    (_open_ended, "占位写法有误"),
    (_a_sum, "算不出来"),
    (_no_number, "缺少占位 文号"),
    (_no_document, "不是完整的 .docx 文件"),
)


async def _with_folder(city: City, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    city.settings = city.settings.model_copy(update={"documents_dir": folder})
    await city.restart("2026-09-29 09:00")
    city.mark()


@pytest.mark.parametrize(("spoil", "words"), FAULTS, ids=[one[0].__name__.strip("_") for one in FAULTS])
async def test_h1_a_faulty_template_numbers_nothing(
    open_city: OpenCity, tmp_path: Path, spoil: Callable[[Path], None], words: str
) -> None:
    """H1 H2: the signer reads which file and what is wrong; no number, no state, nobody else hears; mended it goes."""
    city = await pressed(open_city)
    folder = tmp_path / "own"
    await _with_folder(city, folder)
    spoil(folder / NAME)
    await city.say("陈立新", "/签发 督办函 W0186")
    refusal = city.only("陈立新")
    says(refusal, NAME, "不能用", words)
    lacks(refusal, "Traceback", "Error", "jinja", NUMBER)
    silent(city, "苏静", "谭勇", "要素保障专班")
    row = await document(city)
    assert (row["state"], row["serial"], row["number"], row["sha256"]) == ("草稿", None, None, None)
    last = await city.rows("SELECT last FROM number_series WHERE series = 'letter:督办函:2026'")
    assert [one["last"] for one in last] == [11]
    _changed(folder / NAME, "{{ 发文机关 }}", "{{ 发文机关 }}文件")
    await city.say("陈立新", "/签发 督办函 W0186")
    assert (await document(city))["serial"] == NUMBER


async def test_h4_a_template_changed_later_leaves_issued_papers_alone(
    open_city: OpenCity, tmp_path: Path
) -> None:
    """H4: what was issued stays as it was, whatever becomes of the template."""
    city = await issued(open_city)
    before = await document(city)
    await _with_folder(city, tmp_path / "own")
    _no_document(tmp_path / "own" / NAME)
    await city.say("苏静", "/督办函 督12")
    says(city.only("苏静"), NUMBER, "已签发")
    after = await document(city)
    assert (after["sha256"], after["lines"]) == (before["sha256"], before["lines"])
