"""check-config names what is wrong with the office's own templates of papers (rule H1)."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

from templates.documents import SHIPPED

from .conftest import Installation


def test_check_config_names_faulty_templates(city: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    copy(SHIPPED / "通报.docx", folder / "通报.docx")
    assert f"公文模板：{folder}" in city("check-config", BOT_DOCUMENTS_DIR=str(folder)).done
    (folder / "督办函.docx").write_bytes(b"no document")
    copy(SHIPPED / "通报.docx", folder / "督办涵.docx")
    answer = city("check-config", BOT_DOCUMENTS_DIR=str(folder))
    assert "2 处问题" in answer.refused
    assert "公文模板 督办函.docx 不能用：不是完整的 .docx 文件" in answer.out
    assert "公文模板 督办涵.docx 用不上" in answer.out
    assert "通报.docx" not in answer.out


def test_check_config_says_when_the_folder_is_missing(city: Installation, tmp_path: Path) -> None:
    answer = city("check-config", BOT_DOCUMENTS_DIR=str(tmp_path / "nowhere"))
    assert "1 处问题" in answer.refused
    assert "不存在" in answer.out
    assert "公文模板：自带" in city("check-config").done
