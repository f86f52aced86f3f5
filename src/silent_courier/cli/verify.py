"""`courier verify`: look at a portal as anybody could, and say what is found."""

import secrets
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from silent_courier.cli.connection import (
    Way,
    connected,
    connection_options,
    read_way,
    run_async,
)
from silent_courier.cli.findings import exit_code, findings_json, say_findings
from silent_courier.cli.options import examples, json_option
from silent_courier.cli.output import View, printable_line, progress, say, say_json
from silent_courier.cli.outsider import Seen, Verdict, judge
from silent_courier.cli.portal_files import check_files
from silent_courier.organisation.fingerprint import format_groups, format_words, parse_fingerprint
from silent_courier.protocol.sizes import (
    BOARD_CELLS_MAX,
    BOARD_HEADER_LEN,
    CELL_LEN,
    KEYRING_LEN_MAX,
    MANIFEST_LEN_MAX,
)
from silent_courier.tor.transport import Response, Transport, parse_target

_BOARD_LEN_MAX: Final = BOARD_HEADER_LEN + BOARD_CELLS_MAX * CELL_LEN


@click.command(
    epilog=examples(
        "courier verify abc….onion",
        "courier verify abc….onion --org FINGERPRINT --json",
    )
)
@click.argument("portal", metavar="ONION")
@click.option(
    "--org",
    "fingerprint",
    metavar="FINGERPRINT",
    help="Hold the portal to this fingerprint: 64 hex digits or 24 words.",
)
@connection_options
@json_option
def verify(
    portal: str,
    *,
    fingerprint: str | None,
    socks: str | None,
    tor_config: Path | None,
    as_json: bool,
) -> int:
    """Check a portal from outside.

    Looks at what every visitor is served: signatures, dates, today's keys, signs of life, the
    board's form and size, the headers. Then loads every page in every language as Tor Browser
    would, and compares each file with the list that a handler has signed: about 6 MB beside the
    board. Leaves nothing there. What a hostile server shows to one visitor alone cannot be seen
    like this.

    Exits with 1 when something is wrong: a file that is changed, missing or foreign, or a list that
    is not there, is old, or is signed by nobody in today's charter.
    """
    org_id = parse_fingerprint(fingerprint) if fingerprint else None
    way = read_way(socks, tor_config)
    with progress() as view:
        verdict = run_async(_look(portal, org_id, way, view))
    if as_json:
        say_json(
            {
                "org_id": verdict.org_id,
                "name": verdict.name,
                "findings": findings_json(verdict.findings),
            }
        )
    else:
        _say_verdict(verdict)
    return exit_code(verdict.findings)


async def _look(portal: str, org_id: bytes | None, way: Way, view: View) -> Verdict:
    async with connected(portal, way, view) as transport:
        seen = await _visit(transport, view)
        verdict = judge(seen, org_id, time.time(), parse_target(portal).host)
        if verdict.keyring is None:
            return verdict
        files = await check_files(transport, verdict.keyring, seen.manifest, view)
    return replace(verdict, findings=(*verdict.findings, *files))


async def _visit(transport: Transport, view: View) -> Seen:
    return Seen(
        keyring=await _get(transport, view, "keyring", KEYRING_LEN_MAX),
        board=await _get(transport, view, "board", _BOARD_LEN_MAX),
        manifest=await _get(transport, view, "manifest", MANIFEST_LEN_MAX),
        challenge=await _get(transport, view, "tickets", KEYRING_LEN_MAX),
        nowhere=await transport.request("GET", f"/v1/{secrets.token_hex(8)}"),
    )


async def _get(transport: Transport, view: View, name: str, max_len: int) -> Response:
    view.show(name, 0, 0)
    return await transport.request("GET", f"/v1/{name}", max_len=max_len)


def _say_verdict(verdict: Verdict) -> None:
    if verdict.name is not None and verdict.org_id is not None:
        org_id = bytes.fromhex(verdict.org_id)
        say(f"Organisation: {printable_line(verdict.name)}")
        say(f"Fingerprint:  {format_groups(org_id)}")
        say(f"  in words:   {format_words(org_id)}")
        say()
    say_findings(verdict.findings)
