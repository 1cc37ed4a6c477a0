"""The command line of the embedded servers, called by the Makefile: `python -m network_portal.embedded demo`."""

from __future__ import annotations

import argparse
import sys

from network_portal.embedded import commands
from network_portal.embedded.trouble import Trouble, sentence_for


def port_of(text: str) -> int:
    """The number that PORT= gives; commands check its range."""
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise Trouble(
            f"PORT must be a number from 1 to 65535, not {text!r}. For example: make demo PORT=8080"
        )
    return int(text)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m network_portal.embedded", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    for kind in ("demo", "serve"):
        one = kinds.add_parser(kind, help=getattr(commands, kind).__doc__)
        one.add_argument("--port", default="8000")
    run = kinds.add_parser("run", help=commands.run.__doc__)
    run.add_argument(
        "--durable", action="store_true", help="write to disk as in production, for measurements"
    )
    run.add_argument("command", nargs=argparse.REMAINDER)
    kinds.add_parser("stop", help=commands.stop.__doc__)
    kinds.add_parser("clean", help=commands.clean.__doc__)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.kind == "run":
            command = chosen.command[1:] if chosen.command[:1] == ["--"] else chosen.command
            return commands.run(command, durable=chosen.durable)
        if chosen.kind in ("demo", "serve"):
            return int(getattr(commands, chosen.kind)(port_of(chosen.port)))
        return int(getattr(commands, chosen.kind)())
    except Trouble as trouble:
        message = str(trouble)
    except OSError as error:
        message = sentence_for(error)
    except KeyboardInterrupt:
        return 130
    sys.stderr.write(f"{message}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
