"""Texts of labelled values: 措施 …；责任人 …；督办专员 …"""

from __future__ import annotations

import re


def labelled(labels: re.Pattern[str], text: str) -> list[tuple[str, str]]:
    """(label, value) in order; group 1 is the label. A value ends where the next label begins."""
    found = list(labels.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [
        (match[1], text[match.end() : end].strip(" \t\n;；,，。"))
        for match, end in zip(found, ends, strict=False)  # no label: nothing, though the text has an end
    ]
