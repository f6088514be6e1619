"""WeCom (企业微信): the self-built app, the AI bot and the push address of a group.

crypto, door: the envelope of callbacks and what it has to pass. app, callback, api: the self-built app. aibot,
aibot_heard, aibot_words: the AI bot; aibot_link, link: the same over its long connection. webhook: pushes to a group.
failures: error codes. Which of them run follows from the settings of `wecom`.
"""

from collections.abc import Sequence
from typing import Final

from bot.platforms.base import Finding, Platform, PlatformModule
from bot.platforms.wecom import aibot, aibot_link, app, directory
from bot.platforms.wecom.aibot import WecomAiBot
from bot.platforms.wecom.aibot_heard import CHANNEL
from bot.platforms.wecom.aibot_link import WecomAiBotLink
from bot.platforms.wecom.checking import groups_without_way
from bot.platforms.wecom.webhook import CHANNEL as WEBHOOK
from bot.platforms.wecom.webhook import WecomWebhook
from bot.services import Services
from bot.settings import Settings

__all__ = ["WECOM", "WECOM_AIBOT", "WECOM_WEBHOOK"]


def _bot(services: Services) -> Platform:
    told = services.settings.wecom
    api = app.app_api(services) if app.NAME in told.channels else None
    made = WecomAiBotLink if told.aibot.connection_secret else WecomAiBot
    return made(services, api)


async def _inspect_bot(settings: Settings) -> Sequence[Finding]:
    by_link = bool(settings.wecom.aibot.connection_secret)
    return await (aibot_link.inspect(settings) if by_link else aibot.inspect(settings))


WECOM: Final = PlatformModule(
    app.NAME, app.WecomApp, app.inspect, members=directory.members, open_group=directory.open_group
)
WECOM_AIBOT: Final = PlatformModule(CHANNEL, _bot, _inspect_bot, part_of=app.NAME)
WECOM_WEBHOOK: Final = PlatformModule(WEBHOOK, WecomWebhook, groups_without_way, part_of=app.NAME)
