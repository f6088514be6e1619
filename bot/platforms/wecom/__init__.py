"""WeCom (企业微信): the self-built app, the AI bot and the push address of a group.

crypto, door: the envelope of callbacks and what it has to pass. app, callback, api: the self-built app. aibot,
aibot_heard, aibot_words: the AI bot. webhook: pushes to a group.
failures: error codes. Which of them run follows from the settings of `wecom`.
"""

from typing import Final

from bot.platforms.base import Platform, PlatformModule
from bot.platforms.wecom import aibot, app
from bot.platforms.wecom.aibot import WecomAiBot
from bot.platforms.wecom.aibot_heard import CHANNEL
from bot.platforms.wecom.webhook import CHANNEL as WEBHOOK
from bot.platforms.wecom.webhook import WecomWebhook
from bot.services import Services

__all__ = ["WECOM", "WECOM_AIBOT", "WECOM_WEBHOOK"]


def _bot(services: Services) -> Platform:
    api = app.app_api(services) if app.NAME in services.settings.wecom.channels else None
    return WecomAiBot(services, api)


WECOM: Final = PlatformModule(app.NAME, app.WecomApp, app.inspect)
WECOM_AIBOT: Final = PlatformModule(CHANNEL, _bot, aibot.inspect, part_of=app.NAME)
WECOM_WEBHOOK: Final = PlatformModule(WEBHOOK, WecomWebhook, part_of=app.NAME)
