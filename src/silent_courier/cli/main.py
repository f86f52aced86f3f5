"""The command `courier`: its groups, its version, and what happens when something goes wrong."""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

import click

from silent_courier.cli import failures
from silent_courier.cli.options import HELP_WIDTH, LoadedLate

_EPILOG = """\b
Examples:
  courier demo                       everything on this machine, to try
  courier write --portal ADDRESS --org FINGERPRINT < letter.txt
  courier org --help                 the commands of one part

\b
Errors are one sentence and a hint. The exit code says who must act:
  1 something was found wrong   2 usage   10-29 what arrived or was typed
  30-39 the server   40-49 Tor   50-59 the desk   60-69 the organisation
  70-79 this machine   130 stopped"""

# Loaded when they are called: a source need not wait for a database that only a server has.
_PLACES = {
    "demo": "silent_courier.cli.demo.command",
    "server": "silent_courier.cli.server",
    "org": "silent_courier.cli.org",
    "desk": "silent_courier.cli.desk",
    "write": "silent_courier.cli.source",
    "check": "silent_courier.cli.source",
    "verify": "silent_courier.cli.verify",
    "doctor": "silent_courier.cli.doctor",
}


@click.group(
    cls=LoadedLate,
    places=_PLACES,
    epilog=_EPILOG,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": HELP_WIDTH,
    },
)
@click.version_option(
    version("silent-courier"), prog_name="courier", message="%(prog)s %(version)s"
)
def cli() -> None:
    """A letterbox on the dark web: sealed letters in, sealed answers out."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line; the exit code."""
    debug = os.environ.get("COURIER_DEBUG") == "1"
    try:
        result = cli(list(arguments), prog_name="courier", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return failures.print_failure(KeyboardInterrupt(), debug=False)
    except BrokenPipeError:
        # Whoever read the output has read enough; the interpreter must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the last border: nothing may show a traceback
        return failures.print_failure(error, debug=debug)
    return result if isinstance(result, int) else 0


def main() -> None:
    """Entry point of the installed command."""
    sys.exit(run(sys.argv[1:]))
