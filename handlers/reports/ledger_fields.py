"""「循环园年度计划调整为15000」: fields of the ledger that no report changes (rules B10, C16, D2)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.understanding.text import plain_form
from models.errors import Invalid, NotFound
from models.operations import categories

_CHANGED: Final = r"\s*(?:由|从)?.{0,24}?(?:调整|调减|调增|变更|更正|更改|修改|改)"
_SAID: Final = re.compile(
    r"^\s*+(?:[请把将]\s*+)*(?P<project>.{2,40}?)[\s，,：:的]*+(?:"
    r"(?P<field>年度(?:投资)?计划|全年(?:投资)?计划|总投资|责任单位|建设单位|建设内容|责任人|项目名称|包联领导)"
    rf"{_CHANGED}(?:为|成|到|至)?[\s：:]*\S"
    # 「名称变更手续已办结」 is news.
    rf"|(?P<label>名称|简称|别名|编号|建设性质|责任专班){_CHANGED}(?:为|成|到|至)[\s：:]*\S)"
)
# 「云白快速今年计划投资7亿」, 「ZD0115 2027年计划70000万，按月平均」: nothing but the plan.
_PLAN: Final = re.compile(
    r"^(?P<project>.{2,40}?)[\s，,：:的]*+(?P<field>(?:今年|本年|明年|20\d\d年|年度|全年)度?的?(?:投资)?计划(?:完成)?(?:投资)?[额数]?)"
    r"\s?(?:是|为|定为|定了|调到|:|：)?\s?\d[\d.,]{0,18}\s?(?:万元|亿元|万|亿|元)?(?:[\s，,。；;]{1,3}(?:按月|每月|月度|各月|按)?.{0,3}(?:平均|均匀|分摊|均分).{0,6})?[。.!！]{0,3}"
)
# 「SG0012计划开工由9月调整为11月」: nothing but a planned day; with a figure beside it, it is a report.
_DAY: Final = re.compile(
    r"(?:[请把将]\s*+)*(?P<project>.{2,40}?)[\s，,：:的]*+(?P<field>计划(?:开工|动工|竣工|完工)(?:时间|日期|月份)?)"
    r"[^，,；;。\n]{0,16}?(?:调整|变更|更正|更改|修改|改|推迟|延后|提前)(?:为|成|到|至)?[\s：:]*[\d年月日号/.\-底初中上下旬末]{2,16}[。.!！]{0,3}"
)
_CODE: Final = re.compile(r"[A-Za-z]{2}\d{4}")
_LONGEST_PLAN: Final = 80  # characters


def refuse(context: Context, text: str) -> bool:
    """Say who may change such a field, and where; False for a text that is about none.

    Raises NotAllowed for anybody but 综合专班, Invalid with the way for them.
    """
    said = _SAID.match(text.strip())
    if said is None and "计划" in text and len(text) <= _LONGEST_PLAN:
        said = _PLAN.fullmatch(plain_form(text).strip()) or _DAY.fullmatch(plain_form(text).strip())
    if said is None:
        return False
    parts = said.groupdict()
    field: str = parts["field"] or parts["label"]
    found = access.candidates(context, said["project"].strip())
    if not found and _CODE.fullmatch(said["project"].strip()):
        raise NotFound(said["project"])
    if len(found) != 1:
        return False
    categories.check(context.act_for(access.hub_member(context)), found[0], what=field)
    raise Invalid(
        f"{found[0].code} 的{field}不在对话里改",
        mend="请改好项目台账表，由系统管理员导入；导入前会列出改动，确认后才生效",
    )
