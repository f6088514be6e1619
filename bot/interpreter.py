"""How the interpreter is set for a process that lives long or reads much."""

from __future__ import annotations

import gc
import sys


def tune_interpreter() -> None:
    """For a server, and for a command with thousands of rows; call it once the start is over.

    A loop that hears the network and a thread that writes share one interpreter.
    """
    gc.collect()
    gc.freeze()  # what the start has made stays; looking through it again and again costs a tenth of the time
    gc.set_threshold(20_000, 20, 20)
    sys.setswitchinterval(0.001)  # the loop waits no longer for the writer than that
