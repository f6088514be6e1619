"""YAML from outside: safe values only, limited in size, and each mapping knows the line it begins on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from models.errors import Invalid

MOST_BYTES: Final = 2 * 1024 * 1024
_MEND: Final = "请改正后重新导入，写法见运维手册「名册」一节"
# Control and direction characters, half characters, signs of no width: unseen in a name, they make it another one.
_UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_UNSEEN_WORDS: Final = "有不可见的字符，请重新打一遍这里的文字"
_FREE_TEXT: Final = frozenset({"note", "verbatim"})


class Lined(dict[str, Any]):
    """A mapping that knows the line it begins on."""

    line: int = 0


class _Loader(yaml.SafeLoader):
    """Safe values only; dates stay as written; no anchors, a few lines of which can expand without end."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the class attribute PyYAML defines
        first: [(tag, pattern) for tag, pattern in some if tag != "tag:yaml.org,2002:timestamp"]
        for first, some in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_mark()
            raise yaml.MarkedYAMLError(problem="不支持引用（*）", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        value = super().construct_scalar(node)
        if isinstance(value, str) and _UNSEEN.search(value):
            raise yaml.MarkedYAMLError(problem=_UNSEEN_WORDS, problem_mark=node.start_mark)
        return value


def _lined_mapping(loader: _Loader, node: yaml.MappingNode) -> Iterator[Lined]:
    found = Lined()
    found.line = node.start_mark.line + 1
    yield found
    last = ""
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if node.flow_style and last in _FREE_TEXT and _is_absent(value_node) and isinstance(found[last], str):
            # {note: province, city and county} reads as a note "province" and a key without a value.
            found[last] = f"{found[last]}, {key}"
            continue
        last = key
        if not isinstance(key, str):
            raise yaml.MarkedYAMLError(problem=f"键「{key}」应是文字", problem_mark=key_node.start_mark)
        if key in found:
            raise yaml.MarkedYAMLError(problem=f"键「{key}」重复", problem_mark=key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)


def _is_absent(node: yaml.Node) -> bool:
    """Nothing at all is written where the value would be, not even null."""
    return isinstance(node, yaml.ScalarNode) and node.value == "" and node.style is None


_Loader.add_constructor("tag:yaml.org,2002:map", _lined_mapping)


def parse_document(text: str, *, what: str) -> Lined:
    """Read YAML whose top is a mapping. Raises Invalid for a fault, too large a file, too deep a nesting."""
    if len(text.encode()) > MOST_BYTES:
        raise Invalid(f"{what}超过 {MOST_BYTES // 1024 // 1024} MB", mend="请拆分后导入")
    try:
        top = yaml.load(text.removeprefix("\ufeff"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = f"第{error.problem_mark.line + 1}行：" if error.problem_mark else ""
        raise Invalid(f"{what}不是有效的 YAML：{line}{_in_words(error.problem or '')}", mend=_MEND) from None
    except yaml.reader.ReaderError as error:
        line = f"第{text.count(chr(10), 0, error.position) + 1}行"
        raise Invalid(f"{what}不是有效的 YAML：{line}有不可见的控制字符", mend="请删去后重新导入") from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise Invalid(f"{what}不是有效的 YAML", mend=_MEND) from None
    if top is None:
        raise Invalid(f"{what}是空的", mend=_MEND)
    if not isinstance(top, Lined):
        raise Invalid(f"{what}应以「键: 值」开头", mend=_MEND)
    return top


def _in_words(problem: str) -> str:
    """What the parser complains about. What this file says itself is Chinese already."""
    if not problem.isascii():
        return problem
    if "\\t" in problem:
        return "有制表符（Tab），缩进请用空格"
    if "character" in problem:
        return "有不能这样用的符号，整段文字请加引号"
    if "mapping values" in problem:
        return "一行里有两个冒号，或上一行没写完；含冒号的文字请加引号"
    return "附近的括号、逗号、冒号或缩进不对（也可能是上一行没写完）"


def plain(value: Any) -> Any:
    """The value as ordinary dictionaries and lists, ready to be stored as JSON."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value
