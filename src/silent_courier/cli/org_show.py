"""How an organisation is shown: to people, and as JSON. Nothing secret is in it."""

from silent_courier.cli.output import format_day, print_table, printable_line, say, tell
from silent_courier.organisation import actions
from silent_courier.organisation.fingerprint import (
    format_device_key,
    format_groups,
    format_words,
)
from silent_courier.organisation.roster import Member
from silent_courier.organisation.store import Organisation
from silent_courier.protocol.charter import Charter, handler_of

RENEWAL_WARNING_DAYS = 60


def format_member(member: Member) -> str:
    """The fingerprint of a device's key."""
    return format_device_key(bytes.fromhex(member.signing_key))


def say_organisation(organisation: Organisation, today: int) -> None:
    """Print name, addresses, charter and roster."""
    _say_charter(organisation, today)
    labels = {h.handler: h for h in organisation.roster.handlers}
    rows = [
        (
            labels[handler_of(m.device)].label,
            m.device,
            format_member(m),
            "left" if labels[handler_of(m.device)].left_generation else "",
        )
        for m in organisation.roster.members
    ]
    say()
    print_table(("handler", "device", "key", ""), rows)


def _say_charter(organisation: Organisation, today: int) -> None:
    say(f"Organisation: {printable_line(organisation.roster.name)}")
    say(f"Portal:       {organisation.roster.portal}")
    say(f"Desk:         {organisation.roster.desk}")
    charter = organisation.charter
    if charter is None:
        say("No charter was issued yet, so there is no fingerprint.")
        return
    body = charter.body
    say(f"Fingerprint:  {charter.org_id.hex()}")
    say(f"  in groups:  {format_groups(charter.org_id)}")
    say(f"  in words:   {format_words(charter.org_id)}")
    say(f"Serial:       {body.serial}")
    say(f"Generation:   {body.generation}")
    say(f"Issued:       {format_day(body.issued)}")
    left = body.expires - today
    say(f"Expires:      {format_day(body.expires)} (in {left} days)")
    if left <= RENEWAL_WARNING_DAYS:
        tell("It expires soon: courier org renew, then courier org charter.")


def tell_changes(organisation: Organisation) -> None:
    """Print, on stderr, what the next charter will change; OrganisationDamagedError."""
    changes = actions.pending(organisation)
    members = {m.device: m for m in organisation.roster.members}
    labels = {h.handler: printable_line(h.label) for h in organisation.roster.handlers}
    if changes.left or changes.new_devices:
        tell("The next charter changes:")
    for handler in changes.left:
        tell(f"  leaves: {printable_line(handler.label)}")
    joined = {h.handler for h in changes.joined}
    for device in changes.new_devices:
        what = "joins" if handler_of(device) in joined else "new device"
        tell(f"  {what}: {labels[handler_of(device)]}, key {format_member(members[device])}")


def as_json_object(organisation: Organisation, today: int) -> dict[str, object]:
    """The same for programs."""
    roster = organisation.roster
    handlers = [
        {
            "handler": handler.handler,
            "label": handler.label,
            "left_generation": handler.left_generation,
            "devices": [
                {"device": m.device, "fingerprint": format_member(m)}
                for m in roster.members
                if handler_of(m.device) == handler.handler
            ],
        }
        for handler in roster.handlers
    ]
    return {
        "name": roster.name,
        "portal": roster.portal,
        "desk": roster.desk,
        **_charter_json(organisation.charter, today),
        "handlers": handlers,
    }


def _charter_json(charter: Charter | None, today: int) -> dict[str, object]:
    if charter is None:
        return {"org_id": None, "serial": 0}
    body = charter.body
    return {
        "org_id": charter.org_id.hex(),
        "words": format_words(charter.org_id),
        "serial": body.serial,
        "generation": body.generation,
        "issued": format_day(body.issued),
        "expires": format_day(body.expires),
        "expires_in_days": body.expires - today,
    }
