"""The constants that the TypeScript shares with Python: lengths, and two lists of words."""

from pathlib import Path
from textwrap import fill
from typing import Final

from mnemonic import Mnemonic

from silent_courier.protocol import sizes
from vectors.generate.case import ROOT

_FOLDER: Final = ROOT.parent / "web" / "src" / "protocol"
_MADE: Final = "// Made by `python -m vectors.generate`; not to be edited.\n"
# The browser's library has the other lists.
_LISTS: Final = ("russian", "turkish")


def files() -> dict[Path, bytes]:
    """Each file and its content."""
    made = {_FOLDER / "sizes.ts": _sizes()}
    return made | {_FOLDER / "wordlists" / f"{name}.ts": _words(name) for name in _LISTS}


def _sizes() -> bytes:
    names = [name for name in vars(sizes) if name.isupper() and isinstance(vars(sizes)[name], int)]
    constants = "".join(
        f"export const {name} = {vars(sizes)[name]:_};\n" for name in names if name[0] != "_"
    )
    title = "// Every length on the wire and at rest, in bytes. Spec §2.\n"
    return f"{title}{_MADE}\n{constants}\n{_LETTER_LEN}\n{_CHUNK_COUNT}".encode()


_LETTER_LEN: Final = """\
/** Bytes of a sealed letter with so many stanzas. Spec §4.1. */
export function letterLen(slots: number): number {
  const header = AGE_VERSION_LINE_LEN + slots * STANZA_LEN + AGE_MAC_LINE_LEN;
  return header + AGE_PAYLOAD_NONCE_LEN + LETTER_PLAINTEXT_LEN + AEAD_TAG_LEN;
}
"""
_CHUNK_COUNT: Final = """\
/** Chunks uploaded for an attachment of so many bytes: the next of 1, 2, 3, 4, 6, 8, 12 … 2048. */
export function chunkCount(size: number): number {
  if (size < 0 || size > ATTACHMENT_LEN_MAX) throw new RangeError("attachment size out of range");
  const needed = Math.max(1, Math.ceil(size / CHUNK_LEN));
  let power = 1;
  while (power < needed) {
    if (power >= 2 && power + power / 2 >= needed) return power + power / 2;
    power *= 2;
  }
  return power;
}
"""


def _words(name: str) -> bytes:
    lines = fill(" ".join(Mnemonic(name).wordlist), width=100)
    title = f"// The {name} list of BIP-39, as `mnemonic` has it.\n"
    return f"{title}{_MADE}\nexport const wordlist = `\n{lines}\n`.trim().split(/\\s+/);\n".encode()
