"""`python -m theo_calendar.mcp`: one person's calendars as tools for whatever speaks the Model Context Protocol.

The same tools as those of :meth:`theo_calendar.CalendarService.tools`, on standard input and output: it reads and it
proposes. The person decides elsewhere, in a host on the same database. Needs `theo-calendar[mcp]`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from ._mcp.settings import VARIABLES, Settings
from .errors import CalendarError, InvalidInputError


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves until the other side ends; gives the exit code: 2 where it was told something wrong, 1 where it failed."""
    _parser().parse_args(arguments)
    try:
        settings = Settings.of(os.environ)
        from ._mcp.server import serve
    except InvalidInputError as error:
        return _said(str(error), 2)
    except ImportError as error:
        return _said(f"this needs a package that is not installed ({error.name}): pip install 'theo-calendar[mcp]'", 2)
    try:
        asyncio.run(serve(settings))
    except CalendarError as error:
        return _said(str(error), 1)
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    width = max(map(len, VARIABLES))
    return argparse.ArgumentParser(
        prog="python -m theo_calendar.mcp",
        description="Serves one person's Google calendars over the Model Context Protocol, on standard input and output.\n"
        "What reads, runs. What would write only proposes: the person decides, in a host on the same database.",
        epilog="environment:\n" + "\n".join(f"  {name:<{width}}  {what}" for name, what in VARIABLES.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _said(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
