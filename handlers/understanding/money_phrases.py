"""What is said about money and percentages.

One phrase (a word or a small pattern without blanks) each, blank-separated; see docs/understanding.md.
"""

from __future__ import annotations

from handlers.understanding.phrases import any_of, pattern_of

# Where a clause may begin without punctuation before it.
SOFT_BREAK = any_of(
    r"""
    截[至止]
    (?<![占比达成])(?:今年|本年度?|年度)(?:以来)?(?:一共|总共|累计|已经?|共|实际)?(?:是|完成|投资|投了|支付|投入)
    (?<=[\u4e00-\u9fff])(?<!占)今年(?=\d) 年累计?(?=\d|完成|投资|[一二两三四五六七八九])
    (?<![年月度周旬来底末日前目])累[计积](?:完成|投资|支付|到位|投入|是|一共|总共|下来)
    (?<![资累计月周旬日季年度份别来内中已共前底末初额实际就都为])(?:已经?|实际|共)?完成(?:固定资产)?投资
    (?<![月周旬日季年度份别来内中已共前底末计划总新增定资完成入加产])投资(?:额)?(?:累计|(?:已经?)?完成(?!率))
    其中 然后呢? 但是 不过(?!关) 另外 同时(?!进行|推进|施工|开展)
    (?<=[\u4e00-\u9fff])(?<![至止到])(?:目前|现在(?!的)) (?<!不)存在的?(?:主要)?(?:问题|困难)
    (?<![申邀报提敬呈有])请(?![示假教]) 恳请 希望(?!小学) 麻烦(?!事) 能不能 承诺(?!书) 预计 预期
    (?<![准准])力争
    """
)

# Expected, planned or demanded amounts: never a figure.
FORECAST = any_of(
    r"""
    预计 预期 预估 力争 争取 确保 拟 有望 打算 目标 将(?:达|完成|累计|于) 可(?:完成|达)
    能(?:完成|达|到|上) 要(?:完成|投|达) 准备投 计划(?!的|任务|投资的|总投资的)
    (?:还|大概|大约|估计)能(?:再)?(?:干|投|做) (?:肯定|一定)(?:能|可以|会)?(?:完成|达|到|干|投)
    下(?:周|月|旬|步|一步|阶段|个月) 明年 明天 冲刺 全年(?!累计|已|实际)
    年度(?:计划|任务|目标|投资计划) 任务 应完成 按时序 时序
    """
)

# Totals and contract values: never a figure.
TOTAL = any_of(
    r"""
    总投资 总投(?!入|产) 概算 估算 预算 投资规模 投资总额 总造价 合同[额价]? 中标[价额]? 工程造价 总盘子 规模
    批复投资
    """
)

# Missing or applied-for money: never a figure.
GAP = any_of(
    r"""
    缺口 还差 [缺差欠] 不足 不够 少(?!于) 短缺 剩余 余下 需(?:要|求|) 申请 申报 争取 贷款 授信 融资
    拖欠 索赔 罚 要补 需补 追加 概算增加
    """
)

# Before an amount that the sender takes back.
SUPERSEDED_BEFORE = any_of(
    r"""
    (?:而?不是|并非|非|原[来先]?(?:报|填|是|为|数)?(?:的|送)?(?:数)?|误报(?:为|成)?|错报(?:为|成)?|之前报的?|上次报的?|写成了?|报成了?|填成了?|错写成?|[由从])(?:是|为|数|:|的|了)*$
    """
)

# After an amount that the sender takes back.
SUPERSEDED_AFTER = any_of(
    r"""
    ^(?:元|万元)?(?:[报填]的|[里中](?:重复|多算|包含|包括|含)|[,，、]?(?:应?改[成为]|更正[为成]|修正为|调整[为到]|变更为|改到|有误|是错的|写错|报错|作废|不对))
    """
)

# Funds paid out.
PAID = any_of(
    r"""
    累计支付 拨付给 付出去?了? 花出去了? 使用了? 用掉了? 用了 (?:专项?债|债券|资金)已用 支付了 付给 付到
    付款 付了 已支 列支 支出 已付 支付 实付
    """
)

# Funds passed on.
ALLOCATED = any_of(
    r"""
    下达 拨了 拨款 拨付 已拨
    """
)

# Funds that have come in.
ARRIVED = any_of(
    r"""
    资金落实 落实资金 到账 入账 已到 到位
    """
)

# Since 1 January.
YTD = any_of(
    r"""
    (?:^|[\s:,，])年:?$
    今年 本年 当年 年度累计 年度完成 年内 年初(?:以来|至今|到现在)? 自年初 年累
    今年以来 开年(?:以来|至今|到现在) 元旦(?:以来|至今) 年投(?!产)
    年度(?:实际|投资)?(?:完成|累计) 完成年度投资 年度投资(?!计划|目标|任务) 全年累计 全年已
    """
)

# Since the start of the project.
SINCE_START = any_of(
    r"""
    (?:自|从)?(?:打)?(?:开工|开建|建设|动工|项目开工)(?:建设)?(?:以来|至今|到现在|到今天|到目前|算起|起)
    开工(?:总)?累计
    自打(?:开工|开建|动工) 开累 建设期累计 项目累计
    项目总累计 自开工 总累计 自项目开工 历年累计
    """
)

# 累计 without saying since when.
CUMULATIVE = any_of(
    r"""
    累:?$ 累投 总投入
    累[计积] 总共 一共 共计 合计 截[至止] 到目前 至今 目前为止 总的
    """
)

# This week, month … : which stretch the words mean.
THIS_PERIOD = {
    "本月": "month", "当月": "month", "这个月": "month", "这月": "month",
    "本周": "week", "这周": "week", "这一周": "week", "这个星期": "week", "这个礼拜": "week",
    "本星期": "week", "这星期": "week", "这礼拜": "week",
    "本旬": "ten", "这旬": "ten", "这一旬": "ten", "上半月": "half", "下半月": "half",
    "上月": "last_month", "上个月": "last_month", "上周": "last_week", "上个星期": "last_week", "上星期": "last_week",
    "本季度": "quarter", "这个季度": "quarter", "今日": "day", "当日": "day", "今天": "day",
}  # fmt: skip

# Verbs and nouns that make an amount an investment.
INVESTED = any_of(
    r"""
    完成(?:固定资产)?投资 投资 投入 投了 投进去 砸了 砸进去 干了 花了 花费 完成 实现 产值 工作量 纳统 入统
    入库
    """
)

# What may stand around an amount without making it something other than the investment.
# Longer phrases first: the first that fits is taken.
FIGURE_FILLER = pattern_of(
    r"""
    [一二三四五六七八九]是 固定资产 投资 完成额 完成 累[计积] 实际 实现 已经 已 投入 投了 投 花了 花
    累投 年投 开累 ^把 钱 另外 另 还是 仍然?(?:为|是)? 依然 保持 维持 刚刚?好? 恰好 正好 总共 一共 共计 合计
    共
    总计 大约 大概 大致 约 近 将近 差不多 超过 超 逾 达到 达 到 就是 就 应该?
    是 为 在 今年 本年度? 当年 年度 年内 年初以来 年初至今 年初 自打 自 从 以来 至今 开工 建设 动工 开建
    算起 开年
    年内 [两三四五六七八九十]个?(?=都|均|分别) 子项
    [两三四五六七八九十][个座条处家](?:抽蓄|水)?(?:项目|工程|子项|电站|水库|大?桥|道路|学校|医院|园区?|厂|变电站)?
    目前为止 到目前 到现在 至(?!少|多) 截[至止]
    目前 当前 现在 现 其中 本月 当月 这个月 本周 这周 本旬 这旬 上半月
    下半月 本季度 上月 上个月 上周 净?新增 又 再 了 的 额 数 值 情况 进度 方面 项目 工程 该 我们 咱们 咱 亿元
    (?:剔除|扣除|核减|扣减|核实|核对|复核|核定|更正|修正|调整)(?:之)?后 呢 啊 嘛 吧 总的 总 那边 这边 那儿
    这儿 那个 这个 整个 全部 资金 元 万元 单位 其 累 年 月 份 数据
    干了 干到 干 砸了 砸 进去 做了 做到 搞了 产值 [前头]\S个?月 这一周 这个礼拜 这?星期 报了 差不离 拢共
    满打满算 加起来 入库 纳统 入统 工作量 建安 所以 这样 改成 改为 更正为 更正 修正为 调整为 调整
    订正 正确 准确 纠正 实为 报 核实 核定 统计 汇总 均 都 分别 各 有 只有 只 仅 才 度 当 一季度 上半年
    今日 今天 当日 昨天 今 [\s:,，、;；()\[\]\-.|\"'“”‘’「」*#]+ [一二三四五六七八九十]+[、.]
    """
)

# An explicit zero.
NO_NEW_MONEY = any_of(
    r"""
    (?:本[月周旬]|这个?[月周旬]|当月|[\d一二三四五六七八九十]月份?)\S{0,3}(?:没有?|无|未|零)(?:投资|产值|工作量)(?=[,，。;；\s]|$)
    (?:没有?|无|未|零)新增(?:加|固定资产|完成)?(?:的)?投资
    新增投资(?:为|是)?(?:零|0|没有|无) (?:没有|无)投资(?:完成|量)
    未形成投资 没(?:有)?完成投资 零投资
    """
)

# A percentage of the annual plan.
OF_ANNUAL = any_of(
    r"""
    年度?(?:投资)?(?:计划|任务|目标) 全年 年计划 年任务 年度(?:完成率|投资完成率|进度|完成) 完成计划
    占年度 计划的 占计划 任务的 计划任务 占全年 (?:全年|年度|年)(?:的)?盘子 目标任务 计划完成率 占今年 计划
    """
)

# A percentage of the total investment.
OF_TOTAL = any_of(
    r"""
    总投资 总投(?!入) 投资总额 概算 总盘子 总额
    """
)

# A percentage of the works.
OF_WORKS = any_of(
    r"""
    工程(?:总体|整体|已|累计|共)?完成(?!投资) 工程量 形象进度 形象(?!代) 实物工程量 工程(?:总体|整体)?进度
    实物量 施工进度 工程形象
    """
)

# 支付率.
PAYMENT_RATE = any_of(
    r"""
    支付率 支付进度 资金支付(?:比例|完成)? 拨付率 支出率 支出进度 付款比例 支付比例 执行率
    """
)

# What may stand around a percentage of the whole project.
WHOLE_FILLER = pattern_of(
    r"""
    总体 整体 总进度 盘子 总投(?!资) 刚刚? 刚好 已经? 工作量 进展 完成率 完成比例 比例 占比 占 计划 任务
    目标 形象 工程量 实物 全年 施工 率
    建设 综合 全线 推进 过 干到 干了 干完 做到 做了 了 大体 投资率 量 比
    """,
    FIGURE_FILLER.pattern,
)

# Percentages that are something else.
NOT_WHOLE = any_of(
    r"""
    (?:当月|本月|月度?|本周|周|季度)计划 时序 序时 滞后 超前 落后 高于 低于 快于 慢于 比例尺 同比 环比 增长
    下降 利率 首付 预付 比上 质保
    总量
    """
)
