"""Known callbacks of WeCom: made with public libraries, cross-checked with several others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from bot.platforms.wecom.crypto import Envelope, Sealed

Case = dict[str, Any]

VECTORS: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "wecom_vectors.json").read_text(encoding="utf-8")
)
APP: Final[Case] = VECTORS["conventions"]["credentials"]["app"]
BOT: Final[Case] = VECTORS["conventions"]["credentials"]["bot"]


def envelope(case: Case) -> Envelope:
    return Envelope(
        token=case["token"], encoding_aes_key=case["encoding_aes_key"], receiver=case["receive_id"]
    )


def app_envelope() -> Envelope:
    return Envelope(token=APP["token"], encoding_aes_key=APP["encoding_aes_key"], receiver=APP["corp_id"])


def sealed(case: Case, encrypt: str = "encrypt") -> Sealed:
    return Sealed(case[encrypt], case["msg_signature"], case["timestamp"], case["nonce"])


def plaintext(case: Case) -> str:
    """The text of a case; long ones are written as a unit and how often it stands there."""
    return (
        case["plaintext"]
        if "plaintext" in case
        else case["plaintext_rule"]["unit"] * case["plaintext_rule"]["repeat"]
    )
