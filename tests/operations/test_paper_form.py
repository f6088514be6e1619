"""The shipped templates have the form of GB/T 9704: page, fonts, head, page numbers, 版记 (rule H1)."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from templates.documents import NAMES, SHIPPED, Papers
from templates.documents.samples import SAMPLES

LETTERS = ("提醒函", "督办函")
WITH_COLOPHON = ("交办清单", "通报", "排名通报", "简报", "会议纪要")


def template(name: str) -> Document:
    return docx.Document(str(SHIPPED / f"{name}.docx"))


def _named(paper: Document, tag: str) -> Iterator[object]:
    return paper.element.iter(qn(tag))


@pytest.mark.parametrize("name", NAMES)
def test_h1_page_fonts_and_numbers(name: str) -> None:
    """A4, 上 37 mm, 下 35 mm, 左 28 mm, 右 26 mm; fonts by name; — 1 — in 4号宋体, odd right and even left."""
    paper = template(name)
    section = paper.sections[0]
    sizes = (
        section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin,
        section.right_margin,
    )  # fmt: skip
    assert [round(size.mm) for size in sizes if size is not None] == [210, 297, 37, 35, 28, 26]
    fonts = {style.name: style.font.name for style in paper.styles if (style.name or "").startswith("公文")}
    assert fonts["公文机关"] == fonts["公文标题"] == "方正小标宋简体"
    assert fonts["公文正文"] == fonts["公文主送"] == fonts["公文文号"] == fonts["公文落款"] == "仿宋_GB2312"
    assert fonts["公文一级标题"] == "黑体"
    size = paper.styles["公文正文"].font.size  # type: ignore[attr-defined]
    assert size.pt == 16
    assert paper.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, 2), (section.even_page_footer, 0)):
        assert footer.paragraphs[0].text == "—  —"
        assert footer.paragraphs[0].alignment == side
        assert {run.font.name for run in footer.paragraphs[0].runs} == {"宋体"}


@pytest.mark.parametrize("name", LETTERS)
def test_h1_a_letter_has_double_rules_and_no_number_on_its_first_page(name: str) -> None:
    """Upper rule thick-thin below the name at 30 mm, lower one thin-thick 20 mm above the edge, both 170 mm long."""
    paper = template(name)
    foot, masthead, number = paper.paragraphs[:3]
    for paragraph, side, kind, y in (
        (masthead, "bottom", "thickThinSmallGap", 30), (foot, "top", "thinThickSmallGap", 277)
    ):  # fmt: skip
        properties = paragraph._p.pPr
        assert properties is not None
        [edge] = properties.iter(qn(f"w:{side}"))
        assert edge.get(qn("w:val")) == kind
        assert edge.get(qn("w:color")) == "E60000"
        [frame] = properties.iter(qn("w:framePr"))
        wanted = {"x": Mm(20), "y": Mm(y), "w": Mm(170)}
        assert {name: round(int(str(frame.get(qn(f"w:{name}")))) * 635 / 36000) for name in wanted} == {
            name: round(length.mm) for name, length in wanted.items()
        }
        assert frame.get(qn("w:vAnchor")) == frame.get(qn("w:hAnchor")) == "page"
        tags = [child.tag for child in properties]
        assert tags.index(qn("w:framePr")) < tags.index(qn("w:pBdr"))  # Word refuses another order
    assert masthead.text == "{{ 发文机关 }}"
    assert (number.text, number.alignment) == ("{{ 文号 }}", 2)
    assert paper.sections[0].different_first_page_header_footer
    assert not paper.sections[0].first_page_footer.paragraphs[0].text


@pytest.mark.parametrize("name", [*LETTERS, *WITH_COLOPHON])
def test_h1_the_colophon_stands_at_the_foot_of_the_last_page(name: str) -> None:
    """抄送, and but for letters 印发机关 and date between rules, at the foot of the text area."""
    paper = template(name)
    [box] = _named(paper, "wp:anchor")
    [place] = box.iter(qn("wp:positionV"))  # type: ignore[attr-defined]
    assert place.get("relativeFrom") == "margin"
    assert place[0].text == "bottom"
    [content] = box.iter(qn("w:txbxContent"))  # type: ignore[attr-defined]
    words = ["".join(part.text or "" for part in one.iter(qn("w:t"))) for one in content]
    assert any("送：{{ 抄送 }}。" in one for one in words)
    rules = [edge.get(qn("w:sz")) for edge in content.iter(qn("w:top"))]
    if name in LETTERS:
        assert rules == []
        assert not any("印发" in one for one in words)
    else:
        assert rules == ["8", "6", "8"]
        assert words[-2] == "{{ 落款 }}{{ 日期 }}印发"
    holder = next(one for one in paper.paragraphs if box in one._p.iter())
    assert holder in paper.paragraphs[-2:] or holder.text.startswith("{{") or "出席" in holder.text


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("关于2026年9月重点项目推进考评情况的通报", ["关于2026年9月重点项目", "推进考评情况的通报"]),
        ("关于加快办理园区道路占用林地手续的提醒函", ["关于加快办理园区道路占用林地手续的提醒函"]),
        (
            "关于请求协调“跨既有铁路桥梁方案未获批复”的报告",
            ["关于请求协调", "“跨既有铁路桥梁方案未获批复”的报告"],
        ),
        ("关于白石县循环经济产业园征迁补偿安置协调会议", ["关于白石县循环经济产业园征迁补偿安置协调会议"]),
    ],
)
def test_h1_a_title_of_two_lines_breaks_between_words(title: str, shown: list[str]) -> None:
    """词意完整，长短适宜 (GB/T 9704-2012 7.3.1); where no end of a word shows, Word breaks it."""
    paper = Papers().write("通报", SAMPLES["通报"] | {"标题": title})
    written = docx.Document(BytesIO(paper.content))
    [line] = [one for one in written.paragraphs if one.style is not None and one.style.name == "公文标题"]
    assert line.text.splitlines() == shown
    assert paper.title == written.core_properties.title == title
