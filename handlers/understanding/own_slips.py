"""「累计5000万，刚写错了是5050万」: a figure put right within the same message; the last one is meant (rule C5)."""

from __future__ import annotations

import re
from typing import Final

_AMOUNT: Final = r"[0-9０-９][0-9０-９,，.．]*(?:万元|亿元|万|亿|元)?"
_SLIP: Final = re.compile(
    rf"(?P<wrong>{_AMOUNT})[，,。；;\s]+(?:哦|噢|呃|额|啊)*[，,\s]*"
    r"(?:不对|错了|(?:刚才?|刚刚|上面|前面|我)*[写打报说填弄搞输]错|更正)(?:了|啊|哈)*[，,：:\s]*"
    rf"(?:应该?是|应为|是|改成|改为|为)?\s*(?P<right>{_AMOUNT})(?=[，,。；;！!\s了吧啊]|$)"
)
_EARLIER: Final = re.compile(r"报的|上次|昨[天日]|之前|上周|上[个]?月|原来|原报|台账|[填写]的")


def put_right(text: str) -> str:
    """The text with the figure that its author means; unchanged where an earlier report is taken back."""
    if "错" not in text and "不对" not in text and "更正" not in text:
        return text
    said = _SLIP.search(text)
    if said is None or _EARLIER.search(text[: said.start()]):
        return text
    return text[: said.start("wrong")] + said["right"] + text[said.end("right") :]
