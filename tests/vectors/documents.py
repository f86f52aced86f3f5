"""What everybody may see, and what a source finds in it: signatures, documents, board, tickets."""

from collections.abc import Callable
from hashlib import sha256

from silent_courier.protocol import access, board, chain, keyring, manifest, reply, statements
from silent_courier.protocol.board_format import parse_board
from silent_courier.protocol.charter import Charter, check_dates, check_portal, verify_chain
from silent_courier.protocol.primitives import ed25519_verify
from silent_courier.protocol.thread import ThreadKey
from silent_courier.server.tickets import has_zero_bits
from silent_courier.source.mailbox import read_mailbox
from tests.vectors.reader import Inputs, Outputs, outputs
from vectors.generate.case import ROOT, SUFFIX, parse_case
from vectors.generate.payload import canonical


def board_parse(case: Inputs) -> Outputs:
    parsed = parse_board(case.body)
    return outputs(epoch=parsed.epoch, cells=len(parsed.cells))


def board_find(case: Inputs) -> Outputs:
    keys = [_thread_key(line) for line in case.texts("thread-key")]
    devices = [int(device) for device in case.texts("device")]
    org_id, device_keys = case.hex("org-id"), case.keys("device-key")
    found, damaged = board.find_fragments(parse_board(case.body), keys, devices)
    pairs = [(each.device, each.fragment) for each in found]
    joined = reply.join_all(pairs, org_id, device_keys)
    payloads = [canonical(each.payload) for each in joined.replies]
    return outputs(payload=payloads, partial=joined.partial, damaged=damaged + joined.damaged)


def _thread_key(line: str) -> ThreadKey:
    generation, week, key = line.split(" ")
    return ThreadKey(bytes.fromhex(key), int(generation), int(week))


def mailbox_read(case: Inputs) -> Outputs:
    read = read_mailbox(
        parse_board(case.body), _charter(case), case.hex("entropy"), case.number("today")
    )
    answers = [_found("answer", a.day, a.label, a.left, a.text) for a in read.answers]
    opened = [_found("opened", o.day, o.label, o.left, "") for o in read.opened]
    return outputs(found=sorted(answers + opened), partial=read.partial, damaged=read.damaged)


def mailbox_order(case: Inputs) -> Outputs:
    read = read_mailbox(
        parse_board(case.body), _charter(case), case.hex("entropy"), case.number("today")
    )
    return outputs(text=[answer.text for answer in read.answers])


def _found(kind: str, day: int, label: str, left: bool, text: str) -> str:
    return canonical({"kind": kind, "day": day, "label": label, "left": left, "text": text})


def charter_verify(case: Inputs) -> Outputs:
    org_id = case.hex("org-id")
    charter = verify_chain(chain.parse_chain(case.body), org_id)
    return outputs(
        charter_hash=charter.hash,
        serial=charter.body.serial,
        generation=charter.body.generation,
        name=charter.body.name,
        handler=[f"{h.handler} {h.label}" for h in charter.current_handlers],
        device=[f"{slot} {key.hex()}" for slot, key in charter.current_devices.items()],
    )


def charter_check_dates(case: Inputs) -> Outputs:
    charter = verify_chain(chain.parse_chain(case.body), case.hex("org-id"))
    check_dates(charter, case.number("day"))
    return {}


def charter_check_portal(case: Inputs) -> Outputs:
    charter = verify_chain(chain.parse_chain(case.body), case.hex("org-id"))
    check_portal(charter, case.text("host"))
    return {}


def _charter(case: Inputs) -> Charter:
    """The charter of the case that this one names."""
    name = case.text("charter")
    file = (ROOT / f"{name}{SUFFIX}").read_bytes()
    return verify_chain(chain.parse_chain(parse_case(name, file).body), case.hex("org-id"))


def statements_verify(case: Inputs) -> Outputs:
    charter = _charter(case)
    parsed = statements.parse_statements(case.body)
    for statement in parsed.everything:
        statements.verify_statement(statement, charter)
    return outputs(
        day_key=[
            f"{s.device} {s.day} {sha256(s.recipient).hexdigest()}" for s in parsed.day_statements
        ],
        alive=[f"{s.device} {s.day}" for s in parsed.signs_of_life],
        closed=[f"{s.device} {s.day} {s.until}" for s in parsed.closures],
    )


def keyring_verify(case: Inputs) -> Outputs:
    verified = keyring.verify_keyring(case.body, case.hex("org-id"), case.number("today"))
    signs = sorted(verified.last_sign_of_life.items())
    return outputs(
        charter_hash=verified.charter.hash,
        day=verified.day,
        sealed_to=[s.device for s in keyring.choose_day_statements(verified)],
        missing=[handler.label for handler in verified.missing],
        emptied=[f"{handler} {day}" for handler, day in signs],
        closed=[f"{c.device} {c.day} {c.until}" for c in verified.closures],
    )


def access_verify(case: Inputs) -> Outputs:
    verified = access.verify_access(case.body, _charter(case))
    keys, hashes = verified.tor_client_keys, verified.token_hashes
    return outputs(device=[f"{d} {key.hex()} {hashes[d].hex()}" for d, key in keys.items()])


def request_parse(case: Inputs) -> Outputs:
    body = access.parse_request(case.body)
    return outputs(
        label=body.label,
        signing_key=body.signing_key,
        tor_client_key=body.tor_client_key,
        token_hash=body.token_hash,
    )


def manifest_verify(case: Inputs) -> Outputs:
    charter, today = _charter(case), case.number("today")
    verified = manifest.verify_manifest(case.body, charter, today)
    return outputs(
        device=verified.device,
        day=verified.day,
        file=[f"{f.status} {f.length} {f.digest.hex()} {f.path} {f.kind}" for f in verified.files],
    )


def page_fixed_part(case: Inputs) -> Outputs:
    return outputs(sha256=sha256(manifest.fixed_part(case.body, case.text("kind"))).digest())


def signature_verify(case: Inputs) -> Outputs:
    valid = ed25519_verify(case.hex("public-key"), case.hex("signature"), case.body)
    return outputs(valid="yes" if valid else "no")


def ticket_proof(case: Inputs) -> Outputs:
    digest = sha256(b"courier/ticket\0" + case.body).digest()
    return outputs(valid="yes" if has_zero_bits(digest, case.number("bits")) else "no")


CONSTRUCTIONS: dict[str, Callable[[Inputs], Outputs]] = {
    "ed25519.verify": signature_verify,
    "board.parse": board_parse,
    "board.find": board_find,
    "mailbox.order": mailbox_order,
    "mailbox.read": mailbox_read,
    "charter.verify": charter_verify,
    "charter.check-dates": charter_check_dates,
    "charter.check-portal": charter_check_portal,
    "statements.verify": statements_verify,
    "keyring.verify": keyring_verify,
    "access.verify": access_verify,
    "request.parse": request_parse,
    "ticket.proof": ticket_proof,
    "manifest.verify": manifest_verify,
    "page.fixed-part": page_fixed_part,
}
