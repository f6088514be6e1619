"""The command line: `python -m bot …`. Results on standard output, words for people on standard error.

Exit codes: 0 done, 1 refused or found fault, 2 usage.
"""

from __future__ import annotations

from bot.cli import commands


def main() -> None:
    """Entry point of the console script `zhuanban`."""
    commands.main(prog_name="zhuanban", standalone_mode=True)


if __name__ == "__main__":
    main()
