"""Numbers that count something other than money: 100万吨, 4.2公里, 12户."""

from __future__ import annotations

import re

from handlers.understanding.phrases import pattern_of
from handlers.understanding.values.numbers import AmountToken

_MEASURE = pattern_of(
    r"吨|平方|平米|平(?![均稳])|立方|方(?!面|案)|千瓦|瓦|千伏|伏|kv|kw|mw|kva|m|km|公里|千米|米|里|亩|公顷|顷|户|套|台|组|株|棵|头|羽|只|件|人|个(?!亿|多亿)|名|家|座|栋|幢|层|根|片|块(?!钱)|支|辆|孔|跨|眼|口|处|道|条|段|项|次|批|期|号|楼|年(?!累|投|度|内|初)|月|日|天|小时|分钟|周|旬|℃|度|%|倍|人次|车|吨|升|斤|公斤|万户|张|份|页|榀|节|扇|樘|盏|面|间|床|级|线|类|种|步|轮|本|万吨|万平|桩|标|点|成(?!投)|例|岁|位|部|款|所|站|门|幅|列|趟|车道|车位|杆|基|环|#|-?k\d|公分|厘米|毫米|mm|cm|分(?!别)|代|号|届|场|元/|吨/"
)
_AFTER_BARE = re.compile(
    r"$|[\s,，。;；!?、()\]」”】|:…]|[左右上下多余]|(?:后台|请|麻烦|不是|是|抱歉|啦|了|吧|呢|哈|改[为成]|应[该为是]|更正|不对|有误|不准|就|已|其中|目前|主体|占|比|完成率|进度|形象|\[|-)"
)


def is_quantity(plain: str, token: AmountToken) -> bool:
    """True when the number counts things, or when nothing shows that it is money."""
    if token.unit == "元":
        return False
    if _MEASURE.match(plain, token.end):
        return True
    if token.unit == "":
        return _AFTER_BARE.match(plain, token.end) is None
    return False
