"""`courier org`: what the holder of the offline root does. Prompts, tables and files only."""

import secrets
import time
from pathlib import Path

import click

from silent_courier.cli.options import (
    InFile,
    InOrder,
    OutFile,
    directory_argument,
    examples,
    json_option,
    passphrase_option,
)
from silent_courier.cli.org_show import (
    as_json_object,
    format_member,
    say_organisation,
    tell_changes,
)
from silent_courier.cli.output import format_day, printable_line, say, say_json, tell
from silent_courier.cli.prompts import read_passphrase
from silent_courier.organisation import actions, store
from silent_courier.organisation.issue import VALID_DAYS
from silent_courier.organisation.roster import Choices, Rhythm
from silent_courier.protocol.access import parse_request
from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.charter import SECONDS_PER_DAY, handler_of, is_visible
from silent_courier.protocol.sizes import BOARD_CELLS_MAX
from silent_courier.storage.files import write_durably

_LIFE_DAYS = (30, 44)


@click.group(cls=InOrder)
def org() -> None:
    """The organisation's root key, kept offline.

    `enrol`, `revoke` and `renew` change what the next charter will say; `charter` signs it.
    """


@org.command(epilog=examples('courier org init org --name "Sample Ombudsman" --server server.json'))
@directory_argument
@click.option("--name", required=True, help="The organisation's name, as sources will see it.")
@click.option("--server", required=True, type=InFile, help="The server.json of `server init`.")
@click.option(
    "--epoch-seconds",
    type=click.IntRange(1, SECONDS_PER_DAY),
    default=3600,
    show_default=True,
    help="How often the board changes.",
)
@click.option(
    "--births-per-epoch",
    type=click.IntRange(1, 256),
    default=2,
    show_default=True,
    help="Cells that appear on the board each time.",
)
@click.option(
    "--cell-life-epochs",
    type=(click.IntRange(1, 2**20), click.IntRange(1, 2**20)),
    metavar="MIN MAX",
    help="How long a cell stays on the board, in epochs; default 30 to 44 days.",
)
@passphrase_option
def init(
    directory: Path,
    *,
    name: str,
    server: Path,
    epoch_seconds: int,
    births_per_epoch: int,
    cell_life_epochs: tuple[int, int] | None,
    passphrase_file: Path | None,
) -> None:
    """Make the root key, sealed under a passphrase.

    DIR and the passphrase are the organisation: keep copies of both, apart from each other.
    """
    addresses = store.read_server_file(server)
    per_day = SECONDS_PER_DAY // epoch_seconds
    shortest, longest = cell_life_epochs or (_LIFE_DAYS[0] * per_day, _LIFE_DAYS[1] * per_day)
    if shortest > longest:
        raise click.UsageError("--cell-life-epochs: MIN must not be above MAX.")
    if births_per_epoch * longest > BOARD_CELLS_MAX:
        raise click.UsageError(
            f"The board would hold more than {BOARD_CELLS_MAX} cells: with epochs as short as "
            "these, give shorter lives too, for instance --cell-life-epochs 720 1056."
        )
    passphrase = read_passphrase(passphrase_file, "New passphrase for the root key", new=True)
    rhythm = Rhythm(
        epoch_seconds=epoch_seconds,
        births_per_epoch=births_per_epoch,
        cell_life_epochs_min=shortest,
        cell_life_epochs_max=longest,
    )
    if not is_visible(name):
        raise click.UsageError("--name has a character that nobody can see.")
    actions.init(directory, name, addresses, passphrase, random=secrets.token_bytes, rhythm=rhythm)
    tell("The root key is made. Next: courier org enrol, with the request file of each desk.")


@org.command(
    epilog=examples(
        "courier org enrol org anna.request boris.request",
        "courier org enrol org anna-laptop.request --further-device",
    )
)
@directory_argument
@click.argument("files", metavar="FILE...", type=InFile, nargs=-1, required=True)
@click.option("--further-device", is_flag=True, help="One more device of a handler there is.")
def enrol(directory: Path, files: tuple[Path, ...], further_device: bool) -> None:
    """Take desks in, by their request files.

    `courier desk request` makes such a file. Make sure by another way that it is from whom it
    says: the fingerprint that is printed here must be the one that was printed there. The desks
    count from the next charter on.
    """
    requests = [file.read_bytes() for file in files]
    roster = actions.enrol(directory, requests, further_device=further_device)
    labels = {h.handler: h.label for h in roster.handlers}
    keys = {parse_request(request).signing_key for request in requests}
    for member in (m for m in roster.members if m.signing_key in keys):
        label = printable_line(labels[handler_of(member.device)])
        say(f"{label}\tdevice {member.device}\t{format_member(member)}")
    tell("Next: courier org charter.")


@org.command(epilog=examples("courier org revoke org Anna"))
@directory_argument
@click.argument("handler", metavar="HANDLER")
def revoke(directory: Path, handler: str) -> None:
    """Let a handler go, with all their devices.

    HANDLER is a label or a number. The next charter begins a new generation: who left can open no
    later letter and speak for no source. Issue it at once.
    """
    gone = actions.revoke(directory, handler)
    tell(f"{printable_line(gone.label)} leaves with the next charter. Next: courier org charter.")


@org.command(epilog=examples("courier org renew org --days 365"))
@directory_argument
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=VALID_DAYS,
    show_default=True,
    help="Days from today.",
)
def renew(directory: Path, days: int) -> None:
    """Let charters hold longer.

    Charters from now on end that many days after today.
    """
    expires = actions.renew(directory, clock=time.time, days=days)
    tell(f"Charters will end on {format_day(expires)}. Next: courier org charter.")


@org.command(epilog=examples("courier org charter org --out charter --access access"))
@directory_argument
@click.option("--out", required=True, type=OutFile, help="The charter: for server and desks.")
@click.option("--access", required=True, type=OutFile, help="The access list: for the server only.")
@click.option(
    "--cells-per-day",
    type=click.IntRange(1, 2**20),
    help="Of each desk; default: an equal share of three quarters of the births.",
)
@click.option(
    "--minimum-handlers",
    type=click.IntRange(1, 64),
    help="Fewer able to read today, and sources send nothing; default: a majority.",
)
@click.option(
    "--letter-slots",
    type=click.IntRange(1, 64),
    help="Devices a letter is sealed to; default: twice the handlers, at least 4.",
)
@click.option("--server", type=InFile, help="A new server.json, when the server has moved.")
@click.option("--force", is_flag=True, help="Sign one although nothing has changed.")
@passphrase_option
def charter(
    directory: Path,
    *,
    out: Path,
    access: Path,
    cells_per_day: int | None,
    minimum_handlers: int | None,
    letter_slots: int | None,
    server: Path | None,
    force: bool,
    passphrase_file: Path | None,
) -> None:
    """Sign the next charter.

    What changes since the last one is shown before the passphrase is asked for. The numbers that
    are given here hold for later charters too. When nothing has changed, none is signed: under each
    new one sources cannot write until desks have synced.
    """
    organisation = store.load(directory)
    tell_changes(organisation)
    choices = Choices(
        cells_per_day=cells_per_day, minimum_handlers=minimum_handlers, letter_slots=letter_slots
    )
    moved = store.read_server_file(server) if server else None
    if not force:
        actions.check_changes(organisation, day_of(time.time()), choices, moved)
    issued = actions.issue_charter(
        directory,
        read_passphrase(passphrase_file, "Passphrase of the root key"),
        clock=time.time,
        choices=choices,
        server=moved,
    )
    write_durably(out, issued.chain)
    write_durably(access, issued.access)
    tell(f"Charter {issued.charter.body.serial} is signed. Next, on the server:")
    tell("  courier server charter DIR CHARTER --access ACCESS")
    say(f"Organisation fingerprint: {issued.charter.org_id.hex()}")


@org.command(epilog=examples("courier org show org", "courier org show org --json"))
@directory_argument
@json_option
def show(directory: Path, as_json: bool) -> None:
    """Show fingerprint, serial, dates and handlers.

    The fingerprint is what sources pass to --org. Publish it where they can compare it: its hex
    digits and its 24 words say the same, and neither is secret.
    """
    organisation = store.load(directory)
    today = day_of(time.time())
    if as_json:
        say_json(as_json_object(organisation, today))
        return
    say_organisation(organisation, today)
    tell_changes(organisation)
