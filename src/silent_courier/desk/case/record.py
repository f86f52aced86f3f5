"""A case as JSON, for programs; the schema stands in the specification, §14.20."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from silent_courier.desk.case.collecting import Case, CaseEntry, CaseFile


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """Where an attachment's content stands in the export, None where it does not; its pictures."""

    path: str | None
    pictures: tuple[str, ...]


def case_json(case: Case, written: Mapping[int, WrittenFile]) -> bytes:
    """The whole case; no id in it but the organisation's."""
    return msgspec.json.format(
        msgspec.json.encode(
            {
                "version": 1,
                "kind": "case",
                "organisation": case.charter.body.name,
                "org_id": case.charter.org_id.hex(),
                "exported": case.date,
                "by": case.by,
                "notes": case.has_notes,
                "threads": [
                    {
                        "alias": thread.alias,
                        "entries": [_entry(entry, written) for entry in thread.entries],
                    }
                    for thread in case.threads
                ],
            }
        )
    )


def _entry(item: CaseEntry, written: Mapping[int, WrittenFile]) -> dict[str, object]:
    entry = item.entry
    return {
        "kind": entry.kind,
        "date": entry.date,
        "by": entry.by,
        "language": entry.language,
        "text": entry.text,
        "state": entry.state,
        "form": [{"question": question, "answer": answer} for question, answer in entry.form],
        "files": [_file(file, written[file.kept.seq]) for file in item.files],
    }


def _file(file: CaseFile, written: WrittenFile) -> dict[str, object]:
    return {
        "name": file.view.name,
        "size": file.view.size,
        "sha256": file.view.sha256,
        "type": file.view.type,
        "warnings": file.view.signs,
        "state": file.view.state,
        "path": written.path,
        "pictures": written.pictures,
    }
