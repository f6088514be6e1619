"""Environments of clients that are not ours; a test that needs one is collected only where it is there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
WECOM: Final = Path(os.environ.get("ZHUANBAN_WECOM_REFEREE", ROOT / ".venv-wecom")) / "bin" / "python"
