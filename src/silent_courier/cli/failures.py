"""The one table from what went wrong to exit code, sentence and hint.

Nothing of an error but its type reaches the terminal: no key, address, word, path or peer's text,
but for the labels of handlers who are missing, in which nothing is invisible or obeyed.
What is in no row is a fault of this program; its details stay hidden unless COURIER_DEBUG=1.
"""

import errno
import sys
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import click

from silent_courier.cli.output import SHORT_ID, printable_line
from silent_courier.protocol import errors as e

EXIT_FOUND: Final = 1
EXIT_USAGE: Final = 2
EXIT_UNEXPECTED: Final = 70
EXIT_STOPPED: Final = 130


@dataclass(frozen=True, slots=True)
class Failure:
    """What the command line makes of one type; no sentence: the type's own."""

    code: int
    hint: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What is printed, and the exit code."""

    code: int
    sentence: str
    hint: str


_TRY_LATER = "Try again in a few minutes; the same command goes on where this one stopped."
_ASK_AGAIN = "Ask the organisation for the file again, by another way."
_NEVER_SEND = "Do not send anything there. Compare the fingerprint with another source."
_DOCTOR = "`courier doctor DIR` says what is wrong there."

TABLE: Final[Mapping[type[BaseException], Failure]] = {
    e.CourierError: Failure(9, "Try again; if it stays, `courier doctor DIR` may say more."),
    # 10-29: what arrived, or what was typed
    e.ProtocolError: Failure(10, "It may have been altered on the way, or be another file."),
    e.MalformedWordsError: Failure(11, "Look for a wrong letter; all twelve are of one language."),
    e.MalformedReceiptError: Failure(11, "Look for a wrong digit; spaces do not matter."),
    e.MalformedFingerprintError: Failure(
        12, "A fingerprint is 64 hex digits or 24 English words; never your own twelve words."
    ),
    e.WrongOrganisationError: Failure(13, _NEVER_SEND),
    e.WrongPortalError: Failure(
        13, "Do not send anything there. Ask the organisation for its address, by another way."
    ),
    e.CharterSignatureError: Failure(13, _NEVER_SEND),
    e.CharterExpiredError: Failure(
        14, "The organisation has to run `courier org renew` and issue a charter; come back later."
    ),
    e.ClockError: Failure(15, "Set the clock and date of this computer, then try again."),
    e.TooFewDayKeysError: Failure(
        16, "Come back tomorrow; the handlers' desks have to sync first."
    ),
    e.NotEmptiedError: Failure(17, "Do not rely on it; look for another way to the organisation."),
    e.CharterSerialError: Failure(18, "Somebody shows an old charter. Compare with colleagues."),
    e.CharterConflictError: Failure(
        18, "Stop using this server and tell whoever holds the organisation's root key."
    ),
    e.PayloadTooLongError: Failure(19, "Make it shorter, or split it."),
    e.AttachmentUnreadableError: Failure(20, "Check that every --attach names a readable file."),
    e.AttachmentChangedError: Failure(20, "Wait until nothing writes to the file, then try again."),
    e.AttachmentTooLargeError: Failure(20, "An attachment may have up to 2 GiB; split the file."),
    e.TooManyAttachmentsError: Failure(20, "A letter carries up to 16 files; write a second one."),
    e.PortalRefusedError: Failure(21, _TRY_LATER),
    e.PortalNotReadyError: Failure(22, "The operator has to give the server a charter first."),
    e.PortalBusyError: Failure(
        21, "Try again in a quarter of an hour; the same command goes on where this one stopped."
    ),
    e.PortalFullError: Failure(23, "Come back tomorrow; nothing was kept of this letter."),
    e.ProofTooHardError: Failure(24, "The portal is under load or hostile; try again later."),
    e.DeskRefusedError: Failure(
        25,
        "The server has no newest charter yet (`courier server charter`), or this desk was "
        "revoked: ask the organisation.",
    ),
    e.UnexpectedAnswerError: Failure(26, "Check that the server runs the same version."),
    e.MalformedCharterError: Failure(27, _ASK_AGAIN),
    e.MalformedKeyringError: Failure(27, "The server may be damaged; tell its operator."),
    e.MalformedCaseError: Failure(27, "Ask whoever gave it to you for the whole of it again."),
    e.CaseSignatureError: Failure(13, "Do not rely on it. Compare the organisation's fingerprint."),
    e.StatementSignatureError: Failure(27, "The server may be damaged; tell its operator."),
    e.MalformedManifestError: Failure(27, "Somebody may have changed it; tell the organisation."),
    e.ManifestSignatureError: Failure(
        27, "The organisation has to sign it anew: `courier desk sign-portal DIR`."
    ),
    e.ManifestOldError: Failure(
        27, "The organisation has to sign it anew: `courier desk sign-portal DIR`."
    ),
    e.MalformedBoardError: Failure(27, "The server may be damaged; tell its operator."),
    # 30-39: the server's store
    e.StorageError: Failure(30, _DOCTOR),
    e.DiskFullError: Failure(31, "Free some space; what was acknowledged is not lost."),
    e.VaultFullError: Failure(31, "Free some space, then run the same command again."),
    e.PortInUseError: Failure(32, "Stop the other program, or name another address to listen at."),
    e.NotAServerError: Failure(33, "Make one with `courier server init DIR`."),
    e.ServerRunningError: Failure(34, "Stop the other one first, or use another directory."),
    e.DirectoryNotEmptyError: Failure(35, "Name a new directory."),
    e.BackupExistsError: Failure(35, "Name a file that does not exist yet."),
    e.BackupDamagedError: Failure(36, "Take another backup file; nothing was changed."),
    e.StoreDamagedError: Failure(36, "Restore a backup into a new directory."),
    # 40-49: Tor
    e.TorError: Failure(40, _TRY_LATER),
    e.TorMissingError: Failure(41, "Install it: `apt install tor`."),
    e.TorStartError: Failure(42, "Look at the lines of --tor-config, if there are any."),
    e.TorAlreadyRunningError: Failure(42, "Stop the other command that uses this directory."),
    e.TorPathError: Failure(42, "Use a directory with a short and plain path."),
    e.TorPortInUseError: Failure(32, "Stop the other program that listens there."),
    e.BootstrapTimeoutError: Failure(
        43, "Check the connection. Where Tor is blocked, give bridges with --tor-config."
    ),
    e.OnionUnreachableError: Failure(44, _TRY_LATER),
    e.OnionDescriptorMissingError: Failure(44, "Check the address; the server may be off."),
    e.ConnectionLostError: Failure(44, _TRY_LATER),
    e.ServerUnreachableError: Failure(45, "Check the address, and that the server runs."),
    e.SocksUnreachableError: Failure(46, "Start Tor, or leave --socks away."),
    e.DirectConnectionRefusedError: Failure(
        46, "Name an onion address, or a loopback address of this machine."
    ),
    e.ClientKeyMissingError: Failure(47, "Leave --socks away, so that the desk's own tor is used."),
    e.ClientKeyWrongError: Failure(
        47, "The server needs the newest access file, and its tor a few seconds to read it."
    ),
    e.BadOnionAddressError: Failure(48, "Copy it again; it has 56 characters and ends in .onion."),
    e.BadOnionKeyError: Failure(36, "Restore the server's onion keys from a backup."),
    e.ResponseTooLongError: Failure(26, "Check that the address is that of a Silent Courier."),
    e.PrivateNetworkError: Failure(49, "Try once more; `courier demo` also runs without it."),
    e.UploadRefusedError: Failure(21, _TRY_LATER),
    # 50-59: the vault and the root key
    e.VaultError: Failure(50, _DOCTOR),
    e.WrongPassphraseError: Failure(51, "Mind the keyboard layout; there is no way around it."),
    e.RootPassphraseError: Failure(51, "Mind the keyboard layout; there is no way around it."),
    e.VaultInUseError: Failure(
        52, "Lock the desk's page, or close the other program; then try again."
    ),
    e.VaultMissingError: Failure(53, "Make one with `courier desk init DIR --label LABEL`."),
    e.VaultExistsError: Failure(53, "Name a new directory."),
    e.VaultTooNewError: Failure(53, "Install the newer version of this program."),
    e.VaultDamagedError: Failure(54, "Make a new desk; colleagues hand over with `desk reseal`."),
    e.NotJoinedError: Failure(55, "Run `courier desk join DIR CHARTER` with the charter file."),
    e.NotEnrolledError: Failure(
        55,
        "Give the file of `courier desk request` to the organisation, and join its next charter.",
    ),
    e.DeviceRevokedError: Failure(55, "Ask whoever holds the organisation's root key."),
    e.UnknownThreadError: Failure(56, "`courier desk list DIR` shows them; of an id give more."),
    e.AliasSharedError: Failure(
        56, "`courier desk list DIR` shows how each begins; name one by its id, which stands there."
    ),
    e.AlreadyPostedError: Failure(57, "Write another one that sets it right."),
    e.NoTagsLeftError: Failure(57, "Let a colleague's desk answer, or wait until Monday."),
    e.NoThreadKeyError: Failure(57, "A colleague has to run `courier desk reseal` for you first."),
    e.VaultCopiedError: Failure(57, "Make a new desk, enrol it, and use this vault no more."),
    e.ThreadDisputedError: Failure(
        57, "Read both letters, then `courier desk settle DIR THREAD LETTER`."
    ),
    e.DayKeyGoneError: Failure(57, "Letters can be handed out sealed for nine days."),
    e.BadLabelError: Failure(58, "Choose a shorter word, without signs that nobody sees."),
    e.ThreadHeldError: Failure(58, "Lift the hold first: `courier desk hold DIR THREAD --off`."),
    e.ThreadWaitsError: Failure(
        58, "It goes with the next syncs: `courier desk queue DIR`. Then delete."
    ),
    e.FolderExistsError: Failure(71, "Name a new folder, or a new file that ends in .zip."),
    e.FolderError: Failure(71, "Name a folder that can be written to."),
    # 60-69: the organisation's root
    e.OrganisationError: Failure(60, _DOCTOR),
    e.NoOrganisationError: Failure(61, "Make one with `courier org init DIR`."),
    e.OrganisationExistsError: Failure(61, "Name a new directory."),
    e.OrganisationDamagedError: Failure(62, "Restore the directory from a copy."),
    e.ServerFileError: Failure(63, "Take the server.json that `courier server init` wrote."),
    e.LabelTakenError: Failure(
        64, "For one more device of this handler add --further-device, else choose another label."
    ),
    e.DeviceKnownError: Failure(64, "Make a new desk with `courier desk init` and enrol that."),
    e.RosterFullError: Failure(64, "A handler has 4 devices, an organisation 64 handlers, ever."),
    e.UnknownHandlerError: Failure(65, "`courier org show DIR` lists the handlers."),
    e.LastHandlerError: Failure(65, "Enrol somebody else first."),
    e.NobodyEnrolledError: Failure(65, "Enrol a desk first: `courier org enrol DIR FILE`."),
    e.QuotaTooHighError: Failure(66, "Give a lower --cells-per-day, or leave it away."),
    e.MinimumTooHighError: Failure(66, "Give a lower --minimum-handlers."),
    e.TooFewSlotsError: Failure(66, "Give a higher --letter-slots, or leave it away."),
    e.CharterDatesError: Failure(
        67, "Check the clock; if the charter ran out, `courier org renew`."
    ),
    e.NothingChangedError: Failure(
        68, "The last charter goes on to hold. --force signs the same again, if its files are lost."
    ),
    # 70-79: this machine
    FileNotFoundError: Failure(71, "Check the names that were given.", "A file is not there."),
    FileExistsError: Failure(71, "Name another file.", "There is a file of this name already."),
    PermissionError: Failure(
        72, "Check who owns the directory.", "A file may not be read or written."
    ),
    UnicodeDecodeError: Failure(73, "Save it as UTF-8.", "This is not text in UTF-8."),
    OSError: Failure(74, "Check the disk and the names given.", "A file could not be used."),
}

_BY_ERRNO: Final[Mapping[int, type[e.CourierError]]] = {
    errno.ENOSPC: e.DiskFullError,
    errno.EDQUOT: e.DiskFullError,
    errno.EADDRINUSE: e.PortInUseError,
    errno.EADDRNOTAVAIL: e.PortInUseError,
}

UNEXPECTED: Final = Report(
    EXIT_UNEXPECTED,
    "This is a fault of the program.",
    "Run the command again with COURIER_DEBUG=1 to see where, and report that.",
)
STOPPED: Final = Report(EXIT_STOPPED, "Stopped.", "")


def explain(error: BaseException) -> Report:
    """What to print for this error, and the exit code."""
    error = _innermost(error)
    if isinstance(error, KeyboardInterrupt):
        return STOPPED
    kind: type[BaseException] = type(error)
    if isinstance(error, OSError):
        kind = _BY_ERRNO.get(error.errno or 0, kind)
    for base in kind.__mro__:
        if (failure := TABLE.get(base)) is not None:
            return Report(failure.code, _sentence(kind, failure), _hint(error, failure))
    return UNEXPECTED


def print_failure(error: BaseException, *, debug: bool) -> int:
    """Explain the error on stderr; its exit code."""
    if debug:
        traceback.print_exception(error, file=sys.stderr)
    report = explain(error)
    click.echo(report.sentence, err=True)
    if report.hint:
        click.echo(f"Hint: {report.hint}", err=True)
    return report.code


def exit_codes_page() -> str:
    """The page of the manual that lists every row of the table."""
    rows = sorted(_rows(), key=lambda row: row.code)
    lines = (f"| {row.code} | {row.sentence} | {row.hint} |" for row in rows)
    return _PAGE_HEAD + "\n".join(lines) + "\n"


def _rows() -> Iterator[Report]:
    yield Report(0, "Done.", "")
    yield Report(
        EXIT_FOUND,
        "`verify`, `verify-export`, `doctor` or `demo --script` found something wrong, or"
        " `preview` or `clean` could make nothing.",
        "",
    )
    yield Report(EXIT_USAGE, "The command line is not right.", "See `--help` of the command.")
    for kind, failure in TABLE.items():
        yield Report(failure.code, _sentence(kind, failure), failure.hint)
    yield UNEXPECTED
    yield STOPPED


def _sentence(kind: type[BaseException], failure: Failure) -> str:
    own = kind.sentence if issubclass(kind, e.CourierError) else ""
    return failure.sentence or own or UNEXPECTED.sentence


def _hint(error: BaseException, failure: Failure) -> str:
    """The row's hint, more exact where the error knows what its reader typed or may know anyway."""
    if isinstance(error, e.MalformedWordsError) and error.position is not None:
        return f"Look at word {error.position}. {failure.hint}"
    if isinstance(error, e.TooFewDayKeysError) and error.missing:
        return f"Missing today: {', '.join(map(printable_line, error.missing))}. {failure.hint}"
    if isinstance(error, e.AliasSharedError) and error.threads:
        return f"They are {', '.join(each[:SHORT_ID] for each in error.threads)}. {failure.hint}"
    return failure.hint


def _innermost(error: BaseException) -> BaseException:
    """The first cause in a group of errors, as task groups raise them."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


_PAGE_HEAD: Final = """\
# Exit codes

Every command ends with 0, or prints one sentence and a hint on the standard error output and
ends with one of these. Ranges say where to look: 10 to 29 what arrived or was typed, 30 to 39 the
server, 40 to 49 Tor, 50 to 59 the desk, 60 to 69 the organisation's root, 70 to 79 this machine.

| code | sentence | hint |
|---|---|---|
"""

if __name__ == "__main__":
    sys.stdout.write(exit_codes_page())
