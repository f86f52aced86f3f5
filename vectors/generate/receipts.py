"""Cases of receipts: the digits of who has no script, and what they derive. Spec §3.5."""

from collections.abc import Iterator

from silent_courier.protocol.receipt import derive_receipt_entropy, encode_receipt
from vectors.generate.case import Case, fields
from vectors.generate.draw import draw

RECEIPT = encode_receipt(draw("receipt", 16))


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    for name, drawn in (("a-draw", draw("receipt", 16)), ("zeros", bytes(16)), ("ones", _ONES)):
        given = fields(("drawn", drawn), ("receipt", encode_receipt(drawn)))
        yield Case(f"receipts/encodes-{name}", "receipt.encode", given)
    yield from _parsed()
    yield from _refused()
    for name in ("one", "another"):
        org_id = draw(f"receipt/{name}", 32)
        entropy = derive_receipt_entropy(RECEIPT, org_id)
        given = fields(("receipt", RECEIPT), ("org-id", org_id), ("entropy", entropy))
        yield Case(f"receipts/derives-for-{name}-organisation", "receipt.entropy", given)


_ONES = b"\xff" * 16


def _parsed() -> Iterator[Case]:
    groups = [RECEIPT[i : i + 4] for i in range(0, 24, 4)]
    yield _parse("bare", RECEIPT)
    yield _parse("groups", f"\u00a0{' '.join(groups)}\r\n")
    yield _parse("hyphens", "-".join(groups[:3]) + "\u2013" + "\u2011".join(groups[3:]))
    for name, zero in (("arabic", 0x660), ("persian", 0x6F0), ("full-width", 0xFF10)):
        yield _parse(f"{name}-digits", "".join(chr(zero + int(digit)) for digit in RECEIPT))
    yield _parse("zeros", "0" * 24, "0" * 24)


def _parse(name: str, text: str, receipt: str = RECEIPT) -> Case:
    given = fields(("receipt", receipt))
    return Case(f"receipts/parses-{name}", "receipt.parse", given, text.encode())


def _refused() -> Iterator[Case]:
    yield _refuse("nothing", "")
    yield _refuse("a-digit-too-few", RECEIPT[:-1])
    yield _refuse("a-digit-too-many", f"{RECEIPT}0")
    wrong = str((int(RECEIPT[7]) + 1) % 10)
    yield _refuse("a-wrong-digit", RECEIPT[:7] + wrong + RECEIPT[8:])
    at = next(i for i in range(23) if abs(int(RECEIPT[i]) - int(RECEIPT[i + 1])) not in (0, 9))
    swapped = RECEIPT[:at] + RECEIPT[at + 1] + RECEIPT[at] + RECEIPT[at + 2 :]
    yield _refuse("two-swapped-digits", swapped)
    yield _refuse("letters", RECEIPT[:-1] + "O")
    yield _refuse("a-comma", f"{RECEIPT[:12]},{RECEIPT[12:]}")
    yield _refuse("raised-digits", RECEIPT[:-1] + "\u2074")
    yield _refuse("digits-of-other-scripts", "".join(chr(0x966 + int(d)) for d in RECEIPT))
    yield _refuse("twelve-words", " ".join(["abandon"] * 11 + ["about"]))


def _refuse(name: str, text: str) -> Case:
    return Case(f"receipts/refuses-{name}", "receipt.parse", (), text.encode(), "malformed_receipt")
