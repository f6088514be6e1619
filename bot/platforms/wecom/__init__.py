"""WeCom (企业微信): the self-built app.

crypto: the envelope of callbacks. callback: what they say. api: the server's calls. failures: its error codes.
"""

from bot.platforms.wecom.app import WECOM

__all__ = ["WECOM"]
