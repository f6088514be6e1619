"""How the interpreter is set for a process that lives long."""

from __future__ import annotations

import gc
import sys


def tune_for_serving() -> None:
    """A loop that hears the network and a thread that writes share one interpreter; call it once the start is over."""
    gc.collect()
    gc.freeze()  # what the start has made stays; looking through it again and again costs a tenth of the time
    gc.set_threshold(20_000, 20, 20)
    sys.setswitchinterval(0.001)  # the loop waits no longer for the writer than that
