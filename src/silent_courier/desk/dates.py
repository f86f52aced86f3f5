"""Days as people write them."""

from datetime import UTC, datetime

from silent_courier.protocol.calendar import SECONDS_PER_DAY


def iso_date(day: int) -> str:
    """`2026-11-23` for a day counted from 1970-01-01; empty for one that no calendar has."""
    try:
        return datetime.fromtimestamp(day * SECONDS_PER_DAY, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def iso_time(seconds: float) -> str:
    """`2026-11-23 14:05` in UTC, rounded up to the minute, so that it is over by then."""
    moment = datetime.fromtimestamp(-(-seconds // 60) * 60, UTC)
    return moment.strftime("%Y-%m-%d %H:%M")
