"""The command `courier`: its groups, its version, and what happens when something goes wrong."""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

import click

from silent_courier.cli import failures
from silent_courier.cli.demo.command import demo
from silent_courier.cli.desk import desk
from silent_courier.cli.doctor import doctor
from silent_courier.cli.org import org
from silent_courier.cli.server import server
from silent_courier.cli.source import check, write
from silent_courier.cli.verify import verify

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


@click.group(
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.version_option(
    version("silent-courier"), prog_name="courier", message="%(prog)s %(version)s"
)
def cli() -> None:
    """A letterbox on the dark web: sealed letters in, sealed answers out."""


for _command in (demo, server, org, desk, write, check, verify, doctor):
    cli.add_command(_command)


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
