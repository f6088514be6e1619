"""What is said about the state of a whole project.

One phrase (a word or a small pattern without blanks) each, blank-separated; see docs/understanding.md.
"""

from __future__ import annotations

from handlers.understanding.phrases import any_of, pattern_of

# The project starts.
STARTS = any_of(
    r"""
    开工建设 开工 动工 开建 破土 奠基 进场施工 开的工 开了工
    (?:施工)?(?:单位|队伍|队)?进场(?!道|手续|路|费)
    """
)

# The project finishes.
FINISHES = any_of(
    r"""
    竣工验收(?:通过)? 竣工投产 竣的工 完的工 通的车 投的产 竣工 完工 投产(?!达效计划) 通车
    并网(?:发电|投运)? 交付使用 交付 建成投用 建成 投用 投入使用 投入运营 投运 启用 开业 对外营业 营业
    (?:完成|通过)?(?:合同|全部)?(?:工程|项目)?(?:完工|交工|竣工)验收(?!资料|准备|申请|前|手续) 交工(?!时间|标准)
    验收通过 通过(?:竣工)?验收 完成验收 达产达效 达产 开园 通水 收官
    """
)

# Looks like an end and is none.
NOT_FINISHES = any_of(
    r"""
    试生产 试运行 试投产 试营业
    (?:竣工|完工|通车|投产|交付|交工|投用)\S{0,4}(?:悬(?!挑|浇|索)|够呛|有难度|无望|有困难|有风险|不了|不太?可能)
    """
)

# Not started yet.
NOT_STARTED = any_of(
    r"""
    (?:还没|尚未|还未|一直没|一直未|迟迟未|迟迟没|都没|暂未|仍未|没能|未能|没有|未|没)(?:有|能|正式|实质性|实质|全面|如期|按期|按计划|按时)*(?:开工|动工|进场施工|启动建设|开建)
    (?:未能?|没能?)[按在于]\S{2,10}(?:开工|动工)(?=的原因|主要|是|[,，。;；]|$)
    没动静 未启动 没启动
    """
)

# Work goes on after a stop.
RESUMED = any_of(
    r"""
    复工 恢复施工 恢复正常施工 复建
    """
)

# Work has stopped.
SUSPENDED = any_of(
    r"""
    停工 停建 暂停施工 停止施工 施工暂停 停摆 (?<!暂)停了(?=[一两三四五六七八九十\d半好]|$)
    """
)

# Looks like a stop and is none.
NOT_SUSPENDED = any_of(
    r"""
    [没未不](?:有)?(?:停|因) 停工待(?!料) 避免停工 可能停工 就要停工 面临停工 防止停工 停工风险
    停工令已 (?:[中高]考|春节|放假|雨季|汛期|农忙|降雨|管控)期?间?停工\S{0,4}影响 停工影响
    """
)

# What may stand before such a verb when the project itself is the subject.
WHOLE_SUBJECT = pattern_of(
    r"""
    原计划 原先
    转为 转入 转
    送电 (?:拿到|办完|办好|取得|等)[\u4e00-\u9fff]{0,5}?(?=才|后|再|就) 终于 已经 已 正式 全面 全线
    全部 整体 项目 工程 就 也 都 还 又 再 实现 顺利 如期 按期 按计划 提前 今早 上午 下午 早上 晚上
    举行 举办 仪式 将 拟 预计 计划 力争 争取 确保 可 能 才能 才 要 会 要等 等 企业说 业主说 说 大概
    大约 估计 应该 初步 定在 定于 时间 日期 改为 改到 调整 推迟 延期 延迟 推到 到 至 为 是 在 于 的 了
    前 之前 以前 左右 底 本来 原来 原定 现在 现 目前 最快 最迟 最晚 具备 条件 对外 建成 竣工 完工 投产
    通车 交付 开工 动工 该 两个 三个 几个 均 分别 集中 我们 咱 咱们 这个 那个 从 自 有望 满足 准备
    施工单位 队伍 完成 去年 通过 年 全 内 并 且 试 [\s:,，、;；()\-.\"'“”]+
    """
)

# The verb lies ahead.
EXPECTED = any_of(
    r"""
    保证 务必 预计 计划 力争 争取 确保 拟 将 有望 打算 准备 才能? 要(?!求) 能(?!不能) 没问题
    可(?:以|望)? 定在 定于 改为 推迟?到 延期?[至到] 目标 估计 应该能 等
    """
)

# A date is moved; the last one said counts.
POSTPONED = any_of(
    r"""
    (?:推迟?|延期?|延迟|顺延|调整|改|拖|看|得|要)(?:得)?[到至为成] 估计得? 恐怕得?
    """
)

# An explicit 无变化 (rule C19).
UNCHANGED = any_of(
    r"""
    (?:本周|这周|本月|本旬|这个月|本期|近期|较上[周月期旬]|与上[周月期旬](?:相比)?|同上[周月期旬]|和上[周月期旬](?:一样)?|上报|数据|进度|投资|情况|目前|暂)*(?:均|都)?(?:无|没有?|没啥|没什么|未发生|未有|暂无)(?:任何|什么|新的?|大的?)?变化
    (?:同|与|和|跟)上[周月期旬次](?:一样|相同|一致|持平)?(?=[,，。;；\s]|$) ^无变化
    """
)
