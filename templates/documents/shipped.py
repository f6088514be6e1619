"""Makes the .docx templates that ship with the product: `python -m templates.documents [FOLDER]`.

Their form follows GB/T 9704: A4, margins 37/35/28/26 mm, 22 lines of 28 characters, red name of the body, 文号,
red rule, title, addressee, text, signature, 版记, page numbers. The fonts are named, not shipped. An office that
wants other words or another look edits the files in Word; this script only makes them anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

XIAOBIAOSONG: Final = "方正小标宋简体"
FANGSONG: Final = "仿宋_GB2312"
HEITI: Final = "黑体"
SONGTI: Final = "宋体"
RED: Final = RGBColor(0xE6, 0x00, 0x00)
RULE_RED: Final = str(RED)
BLACK: Final = "000000"
LINE: Final = Pt(28.95)  # 225 mm of text divided by 22 lines
LETTER_LINE: Final = Pt(25)  # a letter ends on its first page
GRID_LINE: Final = 579  # the same in twentieths of a point
NARROWER: Final = -4  # 156 mm divided by 28 characters is 15.8 pt, against 16 pt, in twentieths of a point

# Properties of a paragraph in the standard's order, from those that are set here on.
_ORDER: Final = (
    "w:framePr", "w:widowControl", "w:numPr", "w:pBdr", "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc",
    "w:rPr", "w:sectPr",
)  # fmt: skip

MASTHEAD: Final = "公文机关"
NUMBER: Final = "公文文号"
TITLE: Final = "公文标题"
ADDRESSEE: Final = "公文主送"
BODY: Final = "公文正文"
HEADING: Final = "公文一级标题"
SIGNATURE: Final = "公文落款"
CELL: Final = "公文表格"
COLOPHON: Final = "公文版记"


# --- pieces


def _font(style: ParagraphStyle, name: str, size: float, *, colour: RGBColor | None = None) -> None:
    style.font.name = name
    style.font.size = Pt(size)
    style.font.bold = False
    if colour is not None:
        style.font.color.rgb = colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(kind), name)
    if size == 16:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(NARROWER))
        style.element.get_or_add_rPr().append(spacing)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _style(
    paper: Document, name: str, font: str, size: float, *, align: WD_ALIGN_PARAGRAPH | None = None,
    indent: float = 0, right: float = 0, before: float = 0, after: float = 0, line: Pt | None = LINE,
    colour: RGBColor | None = None, together: bool = False,
) -> None:  # fmt: skip
    style = paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.base_style = paper.styles["Normal"]
    _font(style, font, size, colour=colour)
    form = style.paragraph_format
    form.alignment = align
    form.first_line_indent = Pt(indent)
    form.right_indent = Pt(right)
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.widow_control = False
    form.keep_with_next = together
    if line is not None:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line


def _page(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28 - 7)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")  # a grid of characters sets every one that is too wide into two cells
    grid.set(qn("w:linePitch"), str(GRID_LINE))


def _page_number(paragraph: Paragraph, align: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, 4号, odd pages at the right, even ones at the left, one character from the edge."""
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.right_indent = form.left_indent = Pt(14)
    for text in ("— ", "PAGE", " —"):
        run = paragraph.add_run("" if text == "PAGE" else text)
        run.font.size = Pt(14)
        _in_font(run, SONGTI)
        if text == "PAGE":
            for kind, words in (("begin", ""), ("", " PAGE "), ("end", "")):
                part = OxmlElement("w:fldChar" if kind else "w:instrText")
                if kind:
                    part.set(qn("w:fldCharType"), kind)
                else:
                    part.text = words
                run._element.append(part)


@dataclass(frozen=True, slots=True)
class _Line:
    """A rule above or below a paragraph. eighths: thickness in eighths of a point; space: points to the text."""

    side: str
    eighths: int
    colour: str = BLACK
    kind: str = "single"
    space: int = 1


def _rules(paragraph: Paragraph, *lines: _Line) -> None:
    borders = OxmlElement("w:pBdr")
    for line in lines:
        edge = OxmlElement(f"w:{line.side}")
        for name, value in (
            ("val", line.kind),
            ("sz", str(line.eighths)),
            ("space", str(line.space)),
            ("color", line.colour),
        ):
            edge.set(qn(f"w:{name}"), value)
        borders.append(edge)
    _in_order(paragraph, borders)


def _frame(paragraph: Paragraph, *, width: int, x: int, y: int) -> None:
    """Set the paragraph at a place of the page: mm from its left and upper edge."""
    frame = OxmlElement("w:framePr")
    for name, value in (
        ("w", _twips(width)), ("hSpace", "0"), ("wrap", "notBeside"), ("vAnchor", "page"), ("hAnchor", "page"),
        ("x", _twips(x)), ("y", _twips(y)),
    ):  # fmt: skip
        frame.set(qn(f"w:{name}"), value)
    _in_order(paragraph, frame)


def _twips(mm: int) -> str:
    return str(round(mm * 1440 / 25.4))


def _in_order(paragraph: Paragraph, element: BaseOxmlElement) -> None:
    """Word refuses properties of a paragraph that stand in another order than the standard's."""
    tag = f"w:{element.tag.partition('}')[2]}"
    later = _ORDER[_ORDER.index(tag) + 1 :]
    paragraph._p.get_or_add_pPr().insert_element_before(element, *later)


def _blank_paper() -> Document:
    paper = docx.Document()
    _font_of_normal(paper)
    _page(paper.sections[0])
    for name, font, size, form in (
        (MASTHEAD, XIAOBIAOSONG, 36, {"align": WD_ALIGN_PARAGRAPH.CENTER, "colour": RED, "line": None}),
        (NUMBER, FANGSONG, 16, {"align": WD_ALIGN_PARAGRAPH.CENTER}),
        (TITLE, XIAOBIAOSONG, 22, {"align": WD_ALIGN_PARAGRAPH.CENTER, "line": Pt(32)}),
        (ADDRESSEE, FANGSONG, 16, {}),
        (BODY, FANGSONG, 16, {"align": WD_ALIGN_PARAGRAPH.JUSTIFY, "indent": 32}),
        (HEADING, HEITI, 16, {"indent": 32, "together": True}),
        (SIGNATURE, FANGSONG, 16, {"align": WD_ALIGN_PARAGRAPH.RIGHT, "right": 64}),
        (CELL, FANGSONG, 10, {"line": Pt(14)}),
        (COLOPHON, FANGSONG, 14, {"indent": 0, "line": Pt(24)}),
    ):  # fmt: skip
        _style(paper, name, font, size, **form)
    off = OxmlElement("w:snapToGrid")
    off.set(qn("w:val"), "0")
    paper.styles[CELL].element.get_or_add_pPr().append(off)
    paper.settings.odd_and_even_pages_header_footer = True
    section = paper.sections[0]
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    return paper


def _font_of_normal(paper: Document) -> None:
    normal = paper.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    _font(normal, FANGSONG, 16)
    normal.paragraph_format.space_after = Pt(0)
    core = paper.core_properties
    core.author, core.comments, core.title, core.keywords = "", "", "", ""


def _head(paper: Document) -> None:
    """The red name 35 mm below the text area's upper edge, 文号 two lines below, the red rule 4 mm below that."""
    masthead = paper.add_paragraph("{{ 发文机关 }}", style=MASTHEAD)
    masthead.paragraph_format.space_before = Mm(35)
    line = paper.add_paragraph("{{ 文号 }}", style=NUMBER)
    line.paragraph_format.space_before = LINE
    _rules(line, _Line("bottom", 18, RULE_RED, space=11))
    gap = paper.add_paragraph(style=NUMBER)
    gap.paragraph_format.line_spacing = LINE


def _letter_head(paper: Document) -> None:
    """The head of a 信函: the red name 30 mm below the page's edge, a double rule of 170 mm below it and another one
    20 mm above the lower edge, 文号 at the right. The first page bears no number.
    """
    foot = paper.add_paragraph(style=MASTHEAD)
    foot.paragraph_format.line_spacing = Pt(1)
    _rules(foot, _Line("top", 24, RULE_RED, kind="thinThickSmallGap", space=0))
    _frame(foot, width=170, x=20, y=277)
    masthead = paper.add_paragraph("{{ 发文机关 }}", style=MASTHEAD)
    _rules(masthead, _Line("bottom", 24, RULE_RED, kind="thickThinSmallGap", space=11))
    _frame(masthead, width=170, x=20, y=30)
    number = paper.add_paragraph("{{ 文号 }}", style=NUMBER)
    number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    number.paragraph_format.space_after = LINE
    paper.sections[0].different_first_page_header_footer = True
    for name in (ADDRESSEE, BODY, HEADING, SIGNATURE):
        paper.styles[name].paragraph_format.line_spacing = LETTER_LINE


def _addressed(*, letter: bool = False) -> Document:
    """A paper down to its addressee."""
    paper = _blank_paper()
    (_letter_head if letter else _head)(paper)
    _title(paper)
    paper.add_paragraph("{{ 主送 }}：", style=ADDRESSEE)
    return paper


def _title(paper: Document) -> None:
    title = paper.add_paragraph("{{ 标题 }}", style=TITLE)
    title.paragraph_format.space_after = Pt(16)


def _text(paper: Document, *paragraphs: str) -> None:
    for one in paragraphs:
        style = HEADING if one[:1] in "一二三四五六七" and one[1:2] == "、" else BODY
        paper.add_paragraph(one, style=style)


def _signature(paper: Document, colophon: Callable[[Document, Paragraph], None] | None = None) -> None:
    """Name and date, never alone on a page. colophon: what stands at the foot of the page of the date."""
    for last in paper.paragraphs[-1:]:
        last.paragraph_format.keep_with_next = last.paragraph_format.keep_together = True
    name = paper.add_paragraph("{{ 落款 }}", style=SIGNATURE)
    name.paragraph_format.keep_with_next = True
    name.paragraph_format.space_before = Pt(12)
    if colophon is not None:
        colophon(paper, name)
    paper.add_paragraph("{{ 日期 }}", style=SIGNATURE)


# --- 版记, at the foot of the last page


class _Foot:
    """The text box that holds the 版记."""

    def __init__(self, content: BaseOxmlElement, within: Document) -> None:
        self.content, self.within = content, within


def _letter_copies(paper: Document, anchor: Paragraph) -> None:
    """抄送 of a 信函: without rules, printer and date."""
    foot = _at_the_foot(paper, anchor)
    _copies(foot, "抄送：")
    _foot_rule(foot)  # a box without any line is no valid file


def _colophon(paper: Document, anchor: Paragraph) -> None:
    """抄送, then who printed it and when, between rules."""
    foot = _at_the_foot(paper, anchor)
    _copies(foot, "抄送：", rule=8)
    _printed(foot)


def _printed(foot: _Foot) -> None:
    _foot_rule(foot, 6)
    _foot_line(foot, "{{ 落款 }}\t{{ 日期 }}印发")
    _foot_rule(foot, 8)


def _copies(foot: _Foot, word: str, *, rule: int | None = None) -> None:
    _foot_line(foot, "{%p if 抄送 %}")
    if rule is not None:
        _foot_rule(foot, rule)
    _foot_line(foot, word + "{{ 抄送 }}。", hanging=len(word))
    _foot_line(foot, "{%p endif %}")


def _foot_rule(foot: _Foot, eighths: int = 0) -> None:
    """A rule as wide as the text area. A border of the line itself would begin where its indent ends."""
    paragraph = foot.within.add_paragraph(style=COLOPHON)
    paragraph.paragraph_format.line_spacing = Pt(2)
    if eighths:
        _rules(paragraph, _Line("top", eighths, space=0))
    foot.content.append(paragraph._p)


def _foot_line(foot: _Foot, text: str, *, hanging: int = 0) -> None:
    """One line, one character from either side; behind a tab at the right. hanging: characters of its word."""
    paragraph = foot.within.add_paragraph(text, style=COLOPHON)
    foot.content.append(paragraph._p)
    form = paragraph.paragraph_format
    form.left_indent, form.right_indent = Pt(14 * (1 + hanging)), Pt(14)
    form.first_line_indent = Pt(-14 * hanging)
    form.tab_stops.add_tab_stop(Length(Mm(156) - Pt(14)), WD_TAB_ALIGNMENT.RIGHT)


def _at_the_foot(paper: Document, anchor: Paragraph) -> _Foot:
    """A box at the foot of the text area, on the page of a paragraph; it grows upwards with its text."""
    drawing = parse_xml(_BOX)
    anchor.add_run()._r.append(drawing)
    [content] = drawing.iter(qn("w:txbxContent"))
    return _Foot(content, paper)


_BOX: Final = f"""<w:drawing
  xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
  xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
  xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
  xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
  <wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="0"
    layoutInCell="1" allowOverlap="0">
    <wp:simplePos x="0" y="0"/>
    <wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>
    <wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>
    <wp:extent cx="{Mm(156)}" cy="{Mm(9)}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>
    <wp:wrapTopAndBottom/>
    <wp:docPr id="1" name="版记"/><wp:cNvGraphicFramePr/>
    <a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
      <wps:cNvSpPr txBox="1"/>
      <wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{Mm(156)}" cy="{Mm(9)}"/></a:xfrm>
        <a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></wps:spPr>
      <wps:txbx><w:txbxContent/></wps:txbx>
      <wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:spAutoFit/></wps:bodyPr>
    </wps:wsp></a:graphicData></a:graphic>
  </wp:anchor>
</w:drawing>"""


# --- tables


def _table(
    paper: Document, header: Sequence[str], widths: Sequence[float], *, rows: str, cells: Sequence[str]
) -> Table:
    """A table with a repeated header line and one line for each element of the list `rows`."""
    table: Table = paper.add_table(rows=0, cols=len(header))
    table.style = "Table Grid"
    table.autofit = False
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "40")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.append(margins)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    _cells(table, header, widths, font=HEITI)
    first = table.rows[0]._tr.get_or_add_trPr()
    repeat = OxmlElement("w:tblHeader")
    first.append(repeat)
    _cells(table, [f"{{%tr for 行 in {rows} %}}", *[""] * (len(header) - 1)], widths)
    _cells(table, cells, widths)
    _cells(table, ["{%tr endfor %}", *[""] * (len(header) - 1)], widths)
    return table


def _of_row(*names: str) -> tuple[str, ...]:
    """Cells that show one value of their row each."""
    return tuple(f"{{{{ 行.{name} }}}}" for name in names)


def _cells(table: Table, texts: Sequence[str], widths: Sequence[float], *, font: str = FANGSONG) -> None:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    unbroken = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(unbroken)
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        _fill(cell, text, font)
        cell.width = Mm(width)


def _fill(cell: _Cell, text: str, font: str) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.style = CELL
    run = paragraph.add_run(text)
    if font != FANGSONG:
        _in_font(run, font)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _in_font(run: Run, font: str) -> None:
    run.font.name = font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


# --- the papers


def reminder_letter() -> Document:
    paper = _addressed(letter=True)
    _text(
        paper,
        "你单位承办的{{ 事由 }}，{{ 事项类别 }}应于{{ 应报时间 }}前完成。"
        "{% if 逾期 %}截至{{ 截止日 }}，已逾期{{ 逾期 }}个工作日。{% endif %}",
        "{%p if 此前 %}",
        "此前已{{ 此前 }}。",
        "{%p endif %}",
        "请对照目标任务“{{ 目标任务 }}”，抓紧推进，于{{ 限期 }}前将办理进展、存在问题和预计办结时间报{{ 落款 }}。",
        "特此提醒。",
    )
    _signature(paper, _letter_copies)
    return paper


def supervision_letter() -> Document:
    paper = _addressed(letter=True)
    _text(
        paper,
        "你单位承办的{{ 事由 }}，{{ 事项类别 }}应于{{ 应报时间 }}前完成。"
        "{% if 逾期 %}截至{{ 截止日 }}，仍未完成，已逾期{{ 逾期 }}个工作日。{% endif %}",
        "{% if 此前 %}此前已{{ 此前 }}。{% endif %}现督办如下：",
        "（一）对照目标任务“{{ 目标任务 }}”查明原因，由责任人{{ 责任人 }}倒排工期。",
        "（二）于{{ 限期 }}前书面反馈进展、问题、下步措施和办结时间，经主要负责同志审签。",
        "（三）逾期仍未反馈的，将提请上一级协调并通报。",
    )
    _signature(paper, _letter_copies)
    return paper


def dispatch_list() -> Document:
    paper = _addressed()
    _text(
        paper,
        "现将{{ 期间 }}重点项目问题事项共{{ 件数 }}项交办给你们。请明确责任人，按时限办结；签收后每"
        "{{ 反馈间隔 }}个工作日反馈一次进展，认为不属本单位职责的，于收到后1个工作日内说明理由。",
    )
    _table(
        paper,
        ("编号", "项目", "问题事项", "目标任务和要求", "责任单位、责任人", "办结时限"),
        (16, 29, 33, 36, 26, 16),
        rows="清单",
        cells=(
            "{{ 行.编号 }}",
            "{{ 行.项目 }}",
            "{{ 行.事项 }}",
            "{{ 行.目标任务 }}；{{ 行.推进措施 }}",
            "{{ 行.责任单位 }} {{ 行.责任人 }}",
            "{{ 行.办结时限 }}",
        ),
    )
    _text(paper, "回执：收到人＿＿＿＿＿＿　　日期＿＿＿＿＿＿")
    _signature(paper, _colophon)
    return paper


def circular() -> Document:
    """A 通报 about one matter."""
    paper = _addressed()
    _text(
        paper,
        "{{ 责任单位 }}承办的{{ 事由 }}，{{ 事项类别 }}应于{{ 应报时间 }}前完成。"
        "截至{{ 截止日 }}，{% if 逾期 %}已逾期{{ 逾期 }}个工作日{% else %}尚未完成{% endif %}。",
        "{%p if 此前 %}",
        "此前已{{ 此前 }}。",
        "{%p endif %}",
        "请{{ 责任单位 }}于{{ 限期 }}前完成并报{{ 落款 }}。各单位要引以为戒，按时限、按要求办理交办事项。",
        "特此通报。",
    )
    _signature(paper, _colophon)
    return paper


def ranking_circular() -> Document:
    paper = _addressed()
    _text(paper, "现将{{ 期间 }}重点项目推进考评情况通报如下（数据截至{{ 截止日 }}）。", "一、县（市、区）")
    _ranking_table(paper, "县区")
    _text(paper, "{%p if 部门 %}", "二、市直部门")
    _ranking_table(paper, "部门")
    _text(
        paper,
        "{%p endif %}",
        "{%p if 表扬 %}",
        "三、表扬",
        "{{ 表扬 }}",
        "{%p endif %}",
        "{%p if 督促 %}",
        "四、督促",
        "{{ 督促 }}",
        "{%p endif %}",
        "得分={{ 权重 }}，各项满分100；无应完成数的不计，其余权重按比例放大。",
    )
    _signature(paper, _colophon)
    return paper


def _ranking_table(paper: Document, rows: str) -> None:
    _table(
        paper,
        ("名次", "单位", "投资完成/时序(万元)", "开工", "办结", "报送", "投资分", "开工分", "办结分", "报送分", "得分"),
        (9, 23, 24, 11, 11, 11, 13.4, 13.4, 13.4, 13.4, 13.4),
        rows=rows,
        cells=_of_row("名次", "单位", "投资", "开工", "办结", "报送", "投资分", "开工分", "办结分", "报送分", "得分"),
    )  # fmt: skip


def brief() -> Document:
    """简报: no 公文 genre of its own; 期号 in the head, 报, 送 at the foot."""
    paper = _blank_paper()
    name = paper.add_paragraph("{{ 刊头 }}", style=MASTHEAD)
    name.paragraph_format.space_before = Mm(6)
    paper.add_paragraph("{{ 文号 }}", style=NUMBER)
    line = paper.add_paragraph("{{ 落款 }}　　　　{{ 日期 }}", style=NUMBER)
    _rules(line, _Line("bottom", 18, RULE_RED, space=6))
    paper.add_paragraph(style=NUMBER)
    _title(paper)
    _text(
        paper, "一、总体进度", "{{ 总体进度 }}", "图1　各县（市、区）完成率与时序进度（截至{{ 截止时间 }}）"
    )
    _table(
        paper,
        ("地区", "完成率", "时序", "完成率图示"),
        (30, 20, 20, 86),
        rows="进度图",
        cells=_of_row("地区", "完成率", "时序", "图"),
    )
    _text(paper, "二、亮灯变化", "{{ 亮灯变化 }}", "图2　亮灯分布（截至{{ 截止时间 }}）")
    _table(
        paper,
        ("亮灯", "项目数", "图示"),
        (25, 25, 106),
        rows="亮灯图",
        cells=_of_row("亮灯", "项目数", "图"),
    )
    _text(
        paper, "三、协调事项", "{{ 协调事项 }}", "四、典型做法", "{{ 典型做法 }}", "五、下步计划",
        "{{ 下步计划 }}",
    )  # fmt: skip
    foot = _at_the_foot(paper, paper.paragraphs[-1])
    _foot_rule(foot, 8)
    _foot_line(foot, "报：{{ 主送 }}。", hanging=2)
    _copies(foot, "送：")
    _printed(foot)
    return paper


def minutes() -> Document:
    """会议纪要: its own red name, no addressee, who was there behind the text."""
    paper = _blank_paper()
    name = paper.add_paragraph("{{ 发文机关 }}会议纪要", style=MASTHEAD)
    name.paragraph_format.space_before = Mm(35)
    paper.add_paragraph("{{ 文号 }}", style=NUMBER).paragraph_format.space_before = LINE
    line = paper.add_paragraph("　{{ 落款 }}\t{{ 日期 }}", style=ADDRESSEE)
    line.paragraph_format.tab_stops.add_tab_stop(Length(Mm(156) - Pt(16)), WD_TAB_ALIGNMENT.RIGHT)
    _rules(line, _Line("bottom", 18, RULE_RED, space=6))
    paper.add_paragraph(style=NUMBER)
    _title(paper)
    _text(
        paper,
        "{{ 时间 }}，{{ 主持 }}在{{ 地点 }}主持召开{{ 会议 }}{% if 缘起 %}，{{ 缘起 }}{% endif %}。会议议定以下事项：",
        "{%p for 行 in 议定 %}",
        "{{ 行.序号 }}、{{ 行.内容 }}{% if 行.办理 %}（{{ 行.办理 }}）{% endif %}。",
        "{%p endfor %}",
    )
    present = paper.add_paragraph(style=BODY)
    present.paragraph_format.space_before = LINE
    _in_font(present.add_run("出席："), HEITI)
    present.add_run("{{ 出席 }}")
    _colophon(paper, present)
    return paper


def year_proposal() -> Document:
    """激励倾斜建议, for a person to decide (rule I6)."""
    paper = _addressed()
    _text(paper, "根据{{ 期间 }}考评情况（数据截至{{ 截止日 }}），提出激励倾斜建议如下，请审定。")
    for rows, heading in (("县区", "一、县（市、区）"), ("部门", "二、市直部门")):
        _text(paper, heading)
        _table(
            paper,
            ("名次", "单位", "年度得分", "表扬", "逾期", "红灯天数", "倾斜建议"),
            (12, 28, 20, 14, 14, 20, 48),
            rows=rows,
            cells=_of_row("名次", "单位", "得分", "表扬", "逾期", "红灯", "建议"),
        )  # fmt: skip
    _text(paper, "三、决定", "{{ 决定 }}")
    _signature(paper)
    return paper


def province_report() -> Document:
    """报省材料: what only the province can decide (rules G1, O2)."""
    paper = _addressed()
    _text(
        paper,
        "{{ 项目 }}有一项问题需由省级协调，现将有关情况报告如下（情况截至{{ 截止日 }}）。",
        "一、基本情况",
        "事项：{{ 事项 }}（{{ 编号 }}）",
        "项目：{{ 项目 }}{% if 项目进展 %}，{{ 项目进展 }}{% endif %}",
        "责任部门：{{ 责任部门 }}{% if 责任人 %}，责任人：{{ 责任人 }}{% endif %}",
        "二、问题症结",
        "{{ 症结 }}",
        "三、已采取措施",
        "{%p for 行 in 措施 %}",
        "{{ 行 }}",
        "{%p endfor %}",
        "四、化解路径",
        "{{ 化解路径 }}",
        "五、请求省里协调的事项",
        "{{ 请求事项 }}",
        "{%p if 建议时限 %}",
        "建议于{{ 建议时限 }}前办结。",
        "{%p endif %}",
    )
    _signature(paper)
    return paper


MAKERS: Final[dict[str, Any]] = {
    "提醒函": reminder_letter,
    "督办函": supervision_letter,
    "交办清单": dispatch_list,
    "通报": circular,
    "排名通报": ranking_circular,
    "简报": brief,
    "会议纪要": minutes,
    "激励倾斜建议": year_proposal,
    "报省材料": province_report,
}


def make(folder: Path) -> None:
    """Write every template into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, maker in MAKERS.items():
        maker().save(str(folder / f"{name}.docx"))
