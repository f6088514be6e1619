"""Official papers as .docx: a template in the form of GB/T 9704, filled with facts (rule H1).

Shipped templates lie beside this module; an office puts its own of the same name into a folder of its choice
(BOT_DOCUMENTS_DIR), those of one city or county in a folder of its name there (rule Q3). A template is checked with
sample facts before it is used; a fault names the file and the place.
"""

from __future__ import annotations

import copy
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import docx
from docx.document import Document
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate, InlineImage  # type: ignore[import-untyped]
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from models.errors import Invalid
from models.rules.letters import Edit, EditKind
from templates.documents.samples import SAMPLES
from templates.documents.shipped import BODY, HEADING, MASTHEAD, TITLE

SHIPPED: Final = Path(__file__).parent
NAMES: Final = tuple(SAMPLES)
LARGEST: Final = 5 * 1024 * 1024  # bytes of a template
_MASTHEAD_WIDTH: Final = 440  # points of a line
_MASTHEAD_LARGEST: Final = 36
_TITLE_WIDTH: Final = 20  # characters of a line
_OF_ASCII: Final = 0.65  # as wide as a letter or digit may be, also where another font stands in
_TITLE_BREAKS: Final = re.compile(r"(?:项目|工程|情况|年度|[月的、，”》）])(?![的、，”》）])|(?=[“《（])")
_BAR_MM: Final = 80
_UNKNOWN: Final = re.compile(r"'([^']+)' is undefined|has no attribute '([^']+)'")


@dataclass(frozen=True, slots=True)
class Paper:
    """A filled template. lines: the paragraphs of the text as they are read, tables row by row."""

    title: str
    lines: tuple[str, ...]
    content: bytes


@dataclass(slots=True)
class Papers:
    """The templates in use. folder: where the office keeps its own; None: only the shipped ones.

    Below it may lie folders named after organisations, with what each has of its own.
    """

    folder: Path | None = None
    _sound: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def write(
        self, name: str, facts: Mapping[str, Any], edits: Sequence[Edit] = (), houses: Sequence[str] = ()
    ) -> Paper:
        """Fill a template. houses: whose own comes first: the organisation's, then those above it (rule Q3).

        Raises Invalid for a faulty template, and for an edit that does not fit the text.
        """
        path = self._path(name, houses)
        self._check_once(path, name)
        return _fill(path, facts, edits)

    def faults(self) -> list[str]:
        """Every fault of the office's own templates, one line each."""
        found = list(self._misplaced())
        for folder in self._folders():
            for name in NAMES:
                path = folder / f"{name}.docx"
                if not path.is_file():
                    continue
                try:
                    _check(path, name, self._shown(path))
                except Invalid as fault:
                    found.append(f"{fault.problem}。{fault.mend}")
        return found

    def houses(self) -> tuple[str, ...]:
        """Names of the organisations that have templates of their own."""
        return tuple(one.name for one in self._folders()[1:])

    def _folders(self) -> tuple[Path, ...]:
        """The office's folder, then those of single organisations in it."""
        if self.folder is None or not self.folder.is_dir():
            return ()
        inner = (one for one in self.folder.iterdir() if one.is_dir() and not one.name.startswith("."))
        return (self.folder, *sorted(inner))

    def _misplaced(self) -> Iterator[str]:
        """A folder that is not there, and files in it that no paper is made from."""
        if self.folder is None:
            return
        if not self.folder.is_dir():
            yield f"公文模板目录 {self.folder} 不存在。请建好目录，或去掉 BOT_DOCUMENTS_DIR"
            return
        for path in (path for folder in self._folders() for path in sorted(folder.glob("*.docx"))):
            if path.stem not in NAMES and not path.name.startswith("~$"):  # ~$: open in Word at this moment
                yield (
                    f"公文模板 {self._shown(path)} 用不上：没有这个名字的公文。可用的名字：{'、'.join(NAMES)}"
                )

    def _path(self, name: str, houses: Sequence[str]) -> Path:
        if self.folder is None:
            return SHIPPED / f"{name}.docx"
        own = [self.folder / house / f"{name}.docx" for house in houses if Path(house).name == house]
        places = (*own, self.folder / f"{name}.docx")
        return next((one for one in places if one.is_file()), SHIPPED / f"{name}.docx")

    def _shown(self, path: Path) -> str:
        """督办函.docx, 青禾县/督办函.docx"""
        return path.relative_to(self.folder).as_posix() if self.folder is not None else path.name

    def _check_once(self, path: Path, name: str) -> None:
        """Check a template that was put there or changed since it was used last."""
        if path.parent == SHIPPED:
            return
        stat = path.stat()
        if self._sound.get(path) != (stat.st_mtime_ns, stat.st_size):
            _check(path, name, self._shown(path))
            self._sound[path] = (stat.st_mtime_ns, stat.st_size)


# --- filling


def _fill(path: Path, facts: Mapping[str, Any], edits: Sequence[Edit]) -> Paper:
    template = DocxTemplate(BytesIO(path.read_bytes()))
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    template.render(
        {name: _value(template, one) for name, one in facts.items()}, environment, autoescape=True
    )
    paper: Document = template.docx  # get_docx would begin anew
    for edit in edits:
        _apply(paper, edit)
    title = _title(paper)
    _fit_masthead(paper)
    _fit_title(paper)
    written = BytesIO()
    paper.core_properties.title = title
    paper.save(written)
    return Paper(title, tuple(_lines(paper)), written.getvalue())


def _value(template: DocxTemplate, value: object) -> object:
    """A fact as the template takes it: text without control characters, a bar of a chart as a picture.

    A bar is {"share": "3/4", "colour": "C00000"}: share of the full width, RRGGBB. Words beside it say the figure.
    """
    if isinstance(value, Mapping) and value.keys() == {"share", "colour"}:
        share = min(Fraction(1), max(Fraction(0), Fraction(str(value["share"]))))
        width = max(Fraction(1, 2), share * _BAR_MM)
        return InlineImage(
            template, BytesIO(_png(str(value["colour"]))), width=Mm(float(width)), height=Mm(3.5)
        )
    if isinstance(value, Mapping):
        return {name: _value(template, one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_value(template, one) for one in value]
    if isinstance(value, str):
        return "".join(char if unicodedata.category(char)[0] != "C" else " " for char in value)
    return value


def _png(colour: str) -> bytes:
    """A picture of 8 × 8 points of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row = b"\0" + bytes.fromhex(colour) * 8
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(row * 8))
        + chunk(b"IEND", b"")
    )


def _of_style(paper: Document, *styles: str) -> list[Paragraph]:
    return [one for one in paper.paragraphs if one.style is not None and one.style.name in styles]


def _text_paragraphs(paper: Document) -> list[Paragraph]:
    """What an edit may number: paragraphs of the text that are not empty."""
    return [one for one in _of_style(paper, BODY, HEADING) if one.text.strip()]


def _title(paper: Document) -> str:
    return "".join(one.text for one in _of_style(paper, TITLE)).strip()


def _lines(paper: Document) -> Iterator[str]:
    yield from (one.text.strip() for one in _text_paragraphs(paper))


def _fit_masthead(paper: Document) -> None:
    """The red name stays on one line, as large as the width allows."""
    for one in _of_style(paper, MASTHEAD):
        size = min(_MASTHEAD_LARGEST, _MASTHEAD_WIDTH // max(1, len(one.text)))
        for run in one.runs:
            run.font.size = Pt(size)


def _fit_title(paper: Document) -> None:
    """A title of two lines breaks between words and near its middle (GB/T 9704-2012 7.3.1)."""
    for one in _of_style(paper, TITLE):
        text = one.text.strip()
        if (place := _title_break(text)) is not None:
            _set_text(one, f"{text[:place]}\n{text[place:]}")


def _title_break(title: str) -> int | None:
    """Where the second line begins; None when one line does, two do not, or nothing shows where a word ends."""
    widths = [0.0, *accumulate(_OF_ASCII if char.isascii() else 1.0 for char in title)]
    whole = widths[-1]
    if not _TITLE_WIDTH < whole <= 2 * _TITLE_WIDTH:
        return None
    places = [
        found.end()
        for found in _TITLE_BREAKS.finditer(title)
        if whole - _TITLE_WIDTH <= widths[found.end()] <= _TITLE_WIDTH
    ]
    return min(places, key=lambda place: abs(widths[place] - whole / 2), default=None)


# --- edits of a draft


def _apply(paper: Document, edit: Edit) -> None:
    paragraphs = _text_paragraphs(paper)
    if edit.kind is EditKind.TITLE:
        for place, one in enumerate(_of_style(paper, TITLE)):
            _set_text(one, edit.new if place == 0 else "")
    elif edit.kind is EditKind.REPLACE:
        touched = [one for one in (*_of_style(paper, TITLE), *paragraphs) if edit.old in one.text]
        if not touched:
            raise Invalid(f"正文里没有「{edit.old[:20]}」", mend="请照草稿原文写，或用「第2段改为 …」")
        for one in touched:
            _set_text(one, one.text.replace(edit.old, edit.new))
    elif edit.kind is EditKind.APPEND:
        last = paragraphs[-1] if paragraphs else None
        if last is None:
            raise Invalid("这份公文没有可以增加文字的正文")
        _insert(last, edit.new, before=last.text.strip().startswith(("特此", "回执")))
    else:
        if not 1 <= edit.place <= len(paragraphs):
            raise Invalid(f"没有第{edit.place}段", mend=f"正文共{len(paragraphs)}段")
        wanted = paragraphs[edit.place - 1]
        if edit.kind is EditKind.DROP:
            wanted._p.getparent().remove(wanted._p)
        else:
            _set_text(wanted, edit.new)


def _set_text(paragraph: Paragraph, text: str) -> None:
    """New words in the look of the first run."""
    if not paragraph.runs:
        paragraph.add_run(text)
        return
    for place, run in enumerate(paragraph.runs):
        run.text = text if place == 0 else ""


def _insert(beside: Paragraph, text: str, *, before: bool) -> None:
    twin = copy.deepcopy(beside._p)
    (beside._p.addprevious if before else beside._p.addnext)(twin)
    _set_text(Paragraph(twin, beside._parent), text)


# --- checking a template


def _check(path: Path, name: str, shown: str) -> None:
    """Fill it with sample facts and look at what comes out. Raises Invalid naming the file, the fault and the mend."""
    title = f"公文模板 {shown} 不能用"
    if path.stat().st_size > LARGEST:
        raise Invalid(f"{title}：文件超过 5 MB", mend="请去掉模板里的大图片")
    sample = SAMPLES[name]
    try:
        paper = _fill(path, sample, ())
        written = docx.Document(BytesIO(paper.content))
    except UndefinedError as error:
        found = _UNKNOWN.search(str(error))
        word = next((part for part in found.groups() if part), "") if found else str(error)
        raise Invalid(f"{title}：不认识的占位「{word}」", mend=f"可用的占位：{'、'.join(sample)}") from None
    except TemplateSyntaxError as error:
        near = "".join(getattr(error, "docx_context", ())).strip()[:60]
        raise Invalid(
            f"{title}：占位写法有误（{error.message}{f'，在「{near}」附近' if near else ''}）",
            mend="占位要成对，例：{{ 文号 }}；循环和条件要有结束",
        ) from None
    except TemplateError as error:
        raise Invalid(f"{title}：{error}", mend="请对照自带的模板改正") from None
    except (ArithmeticError, TypeError, AttributeError, IndexError) as error:
        raise Invalid(f"{title}：有占位算不出来（{error}）", mend="占位里只写名字，不写算式") from None
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, SyntaxError):  # of XML too
        raise Invalid(f"{title}：不是完整的 .docx 文件", mend="请用 Word 或 WPS 另存为 .docx") from None
    whole = "\n".join((*(one.text for one in written.paragraphs), *_cells(written)))
    missing = [one for one in ("文号", "日期") if str(sample[one]) not in whole]
    if missing:
        raise Invalid(f"{title}：缺少占位 {'、'.join(missing)}", mend="每份公文都要有文号和日期")
    if not paper.title:
        raise Invalid(f"{title}：没有「{TITLE}」样式的标题", mend="请把标题一行设为这个样式")
    if str(sample["标题"]) not in paper.title:
        raise Invalid(f"{title}：标题里没有占位「标题」", mend="标题一行写 {{ 标题 }}")


def _cells(paper: Document) -> Iterator[str]:
    for table in paper.tables:
        for row in table.rows:
            for cell in row.cells:
                yield cell.text
