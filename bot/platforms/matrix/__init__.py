"""Matrix, as an application service of a homeserver.

events: what people did in rooms. wording: texts, and choices where there are no buttons. api: the server's calls.
rooms: in which room a person is spoken to. failures: error codes. app: the platform itself.
"""

from bot.platforms.matrix.app import MATRIX

__all__ = ["MATRIX"]
