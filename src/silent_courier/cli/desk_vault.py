"""`courier desk passphrase|backup|restore`: the vault as a file that has to last."""

import secrets
from pathlib import Path

import click

from silent_courier.cli.desk_session import desk_options, write_down
from silent_courier.cli.options import Directory, InFile, OutFile, examples, passphrase_option
from silent_courier.cli.output import say, tell
from silent_courier.cli.prompts import read_passphrase
from silent_courier.desk.auditing import Act
from silent_courier.desk.passphrases import draw_phrase
from silent_courier.desk.setup import check_label
from silent_courier.storage.vault.backup import restore as restore_vault
from silent_courier.storage.vault.backup import write_backup
from silent_courier.storage.vault.rekeying import change_passphrase

_OLD = "Passphrase of the desk"
_NEW = "New passphrase for the desk"


@click.command(epilog=examples("courier desk passphrase anna"))
@desk_options
@click.option(
    "--new-passphrase-file",
    type=InFile,
    metavar="FILE",
    help="Read the new passphrase from FILE instead of asking for it.",
)
def passphrase(
    directory: Path, *, passphrase_file: Path | None, new_passphrase_file: Path | None
) -> None:
    """Change the passphrase of the vault.

    The whole database is encrypted anew under another key, which needs as much room again for a
    moment. It can be broken off at any time: either the old passphrase opens the vault or the new.
    """
    old = read_passphrase(passphrase_file, _OLD)
    new = read_passphrase(new_passphrase_file, _NEW, new=True, given_apart=True)
    change_passphrase(directory, old, new, secrets.token_bytes)
    write_down(directory, new, Act.REKEYED)
    tell("The passphrase is changed. Backups that were made before open with the old one.")


@click.command(epilog=examples("courier desk backup anna --out anna.backup"))
@desk_options
@click.option("--out", type=OutFile, required=True, help="Write the backup to FILE.")
@click.option(
    "--phrase",
    is_flag=True,
    help="Seal it under six new words, printed once, instead of the passphrase.",
)
def backup(directory: Path, *, out: Path, phrase: bool, passphrase_file: Path | None) -> None:
    """Write threads, notes, labels and files to a backup.

    No day key is in it and nothing of this device: what is restored is a new device of the same
    handler, which has to be enrolled. What waits to be posted comes back as drafts.
    """
    opening = read_passphrase(passphrase_file, _OLD)
    seal = draw_phrase(secrets.token_bytes, "en") if phrase else opening
    write_down(directory, opening, Act.BACKED_UP)
    write_backup(directory, opening, out, seal, secrets.token_bytes)
    if phrase:
        say(seal)
        tell("Write these words on paper, and keep that apart from the backup.")
    tell("The backup is written. Keep it where a fire or a search does not take both.")


@click.command(
    epilog=examples(
        "courier desk restore anna.backup anna-new",
        'courier desk restore anna.backup anna-new --label "Anna Two"',
    )
)
@click.argument("file", metavar="FILE", type=InFile)
@click.argument("directory", metavar="DIR", type=Directory)
@click.option("--label", help="Another name, for a handler who was revoked; default: the same.")
@passphrase_option
@click.option(
    "--new-passphrase-file",
    type=InFile,
    metavar="FILE",
    help="Read the passphrase of the new vault from FILE instead of asking for it.",
)
def restore(
    file: Path,
    directory: Path,
    *,
    label: str | None,
    passphrase_file: Path | None,
    new_passphrase_file: Path | None,
) -> None:
    """Make a new desk in DIR from a backup.

    It is another device: ask to be enrolled as for a new desk. If somebody may have taken the old
    one, have its handler revoked first, and come back with another --label.
    """
    if label is not None:
        check_label(label)
    seal = read_passphrase(passphrase_file, "Passphrase or six words of the backup")
    new = read_passphrase(new_passphrase_file, _NEW, new=True, given_apart=True)
    restore_vault(file, directory, seal, new, secrets.token_bytes, label=label or "")
    tell("The desk is restored. Next: courier desk request DIR > FILE, for the organisation.")


VAULT_COMMANDS = (passphrase, backup, restore)
