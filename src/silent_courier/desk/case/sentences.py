"""What an export says for itself; English sentences are the keys of the desk's catalogues."""

from collections.abc import Callable, Iterator
from typing import Final

from silent_courier.desk.file_types import TYPES
from silent_courier.desk.file_warnings import SENTENCES as WARNINGS

Say = Callable[[str], str]
"""A sentence in the language of the export."""

READ_ME: Final = (
    "This is a case, exported from a desk of Silent Courier. Open index.html in a browser to read"
    " it; case.json is the same for programs.",
    "It is not encrypted. Whoever has it reads everything in it, and sees what the source wrote,"
    " which handlers answered, and on which days. What a source tells can show who they are, and"
    " so can what their files hold unseen. Give away only what has to be given away.",
    "Files are as they came, and can be made to harm the computer that opens them. Open them only"
    " where nothing can be lost; look at the pictures instead.",
    "SHA256SUMS lists every file, and signature.json is the signature of a handler's device over"
    " that list. To check both: courier desk verify-export CASE CHARTER --org FINGERPRINT, where"
    " CASE is this folder or its ZIP. The list alone: sha256sum --check SHA256SUMS.",
)
PAGE: Final = {
    "title": "A case",
    "by": "Exported by",
    "letter": "The source wrote",
    "reply": "Reply by",
    "note": "Note to colleagues by",
    "reveals": "It is not encrypted, and shows whoever has it all that was written and by whom.",
    "files": "Files",
    "warning": "Open files only where nothing can be lost; look at the pictures instead.",
    "missing": "not in this export",
    "disputed": "Two letters speak for this source and disagree.",
    "no-notes": "Notes to colleagues were left out.",
    "no-files": "Files were left out.",
    "empty": "Nothing was written here.",
    "page": "page",
    "bytes": "B",
}
QUESTIONS: Final = {
    "what": "What it is about",
    "how": "How they know",
    "others": "Who else knows",
    "when": "Time limits",
    "danger": "Danger now",
}


def export_sentences() -> Iterator[str]:
    """Every sentence of an export, for its translators."""
    yield from READ_ME
    yield from PAGE.values()
    yield from QUESTIONS.values()
    yield from WARNINGS.values()
    yield from (kind.label for kind in TYPES.values())
