"""check-config names what is wrong with the office's own templates of papers (rule H1)."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

from templates.documents import SHIPPED, Papers

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


def test_a_county_has_templates_of_its_own(city: Installation, tmp_path: Path) -> None:
    """Rules H1 Q3: a folder of its name; then the city's, the installation's, the shipped ones."""
    folder = tmp_path / "templates"
    for place in ("青禾县", "云川市"):
        (folder / place).mkdir(parents=True)
    names = ("通报", "提醒函", "督办函", "简报")
    for name, places in zip(names, (("青禾县", "云川市", ""), ("云川市", ""), ("",), ()), strict=True):
        for place in places:
            copy(SHIPPED / f"{name}.docx", folder / place / f"{name}.docx")
    papers = Papers(folder)
    houses = ("青禾县", "云川市")
    found = [papers._path(name, houses).parent for name in names]
    assert found == [folder / "青禾县", folder / "云川市", folder, SHIPPED]
    assert papers._path("通报", ("../青禾县",)).parent == folder
    checked = city("check-config", BOT_DOCUMENTS_DIR=str(folder)).done
    assert "另有自己模板的组织：云川市、青禾县" in checked
    (folder / "青禾县" / "督办函.docx").write_bytes(b"no document")
    (folder / "青禾县" / "督办涵.docx").write_bytes(b"no document")
    answer = city("check-config", BOT_DOCUMENTS_DIR=str(folder))
    assert "公文模板 青禾县/督办函.docx 不能用：不是完整的 .docx 文件" in answer.out
    assert "公文模板 青禾县/督办涵.docx 用不上" in answer.out
