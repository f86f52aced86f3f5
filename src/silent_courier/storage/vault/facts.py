"""What was found out about attachments' content: the kind of file, and what to be wary of."""

from collections.abc import Sequence
from dataclasses import dataclass

from silent_courier.storage.vault.attachments import KeptAttachment, kept_where
from silent_courier.storage.vault.database import Vault


@dataclass(frozen=True, slots=True)
class KeptFacts:
    """The name of the kind, and those of the warnings."""

    type: str
    warnings: tuple[str, ...]


def keep(vault: Vault, attachment: int, facts: KeptFacts, rules: int) -> None:
    """Remember what these rules found, in the place of what others did."""
    vault.run(
        "INSERT OR REPLACE INTO attachment_fact (attachment, type, warnings, rules)"
        " VALUES (?, ?, ?, ?)",
        attachment,
        facts.type,
        " ".join(facts.warnings),
        rules,
    )


def of_thread(vault: Vault, source: bytes) -> dict[int, KeptFacts]:
    """By attachment's number."""
    rows = vault.rows(
        "SELECT attachment.seq, type, warnings FROM attachment_fact"
        " JOIN attachment ON attachment.seq = attachment_fact.attachment"
        " JOIN entry ON entry.id = attachment.entry WHERE entry.source = ?",
        source,
    )
    return {row[0]: KeptFacts(row[1], tuple(row[2].split())) for row in rows}


def of_attachment(vault: Vault, attachment: int) -> KeptFacts | None:
    """Of one attachment, if anybody has looked at it."""
    row = vault.row("SELECT type, warnings FROM attachment_fact WHERE attachment = ?", attachment)
    return KeptFacts(row[0], tuple(row[1].split())) if row else None


def forget(vault: Vault, attachments: Sequence[int]) -> None:
    """These attachments are deleted."""
    vault.run_many(
        "DELETE FROM attachment_fact WHERE attachment = ?", [(seq,) for seq in attachments]
    )


def not_examined(vault: Vault, rules: int) -> list[KeptAttachment]:
    """Complete attachments that these rules have not looked at."""
    return kept_where(
        vault,
        "state = 'complete' AND NOT EXISTS (SELECT 1 FROM attachment_fact AS fact"
        " WHERE fact.attachment = attachment.seq AND fact.rules = ?)",
        rules,
    )
