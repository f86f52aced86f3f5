"""Texts to answer with: this desk's own, and those that all handlers share. Spec §14.16."""

from dataclasses import dataclass
from typing import Final

from silent_courier.desk.auditing import Act, record
from silent_courier.desk.desk import Desk
from silent_courier.desk.merging import TEMPLATE, by_item, read_changes
from silent_courier.desk.team import set_field
from silent_courier.protocol.charter import is_visible
from silent_courier.protocol.errors import BadLabelError
from silent_courier.storage.vault import changes, identity, templates

NAME_LEN_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class Template:
    """A text under a name; shared: colleagues have it too."""

    name: str
    text: str
    shared: bool


def list_templates(desk: Desk) -> tuple[Template, ...]:
    """All of them, by name; NotJoinedError."""
    org_id = identity.membership(desk.vault).org_id
    shared = by_item(read_changes(changes.of_thread(desk.vault, org_id)), TEMPLATE)
    found = [Template(n, c.value, shared=True) for n, c in shared.items() if _is_name(n)]
    found += [Template(n, t, shared=False) for n, t in templates.every(desk.vault).items()]
    return tuple(sorted(found, key=lambda template: (template.name.casefold(), template.shared)))


def keep_template(desk: Desk, name: str, text: str, *, shared: bool) -> None:
    """Keep a text under this name in the place of the one before; an empty one is taken away.

    Raises:
        BadLabelError: a name that is empty, too long, or has what cannot be seen.
        NotJoinedError, PayloadTooLongError, MalformedPayloadError
    """
    name = " ".join(name.split())
    if not _is_name(name) or not name.isprintable():
        raise BadLabelError
    if shared:
        org_id = identity.membership(desk.vault).org_id
        set_field(desk, org_id, TEMPLATE, text, item=name, act=None)
    else:
        templates.keep(desk.vault, name, text)
    record(desk, Act.SET, detail="template")


def _is_name(name: str) -> bool:
    """A colleague's desk may send any: two names must look different."""
    return 0 < len(name) <= NAME_LEN_MAX and is_visible(name)
