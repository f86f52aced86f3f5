"""How the runner looks at a case: inputs by name and kind, and nothing overlooked."""

from dataclasses import dataclass, field

from silent_courier.protocol.errors import ProtocolError
from vectors.generate.case import Case, lengthened

Outputs = dict[str, list[str]]


@dataclass(slots=True)
class Inputs:
    """A case's fields; remembers which a construction has asked for."""

    case: Case
    asked: set[str] = field(default_factory=set)

    @property
    def body(self) -> bytes:
        return lengthened(self.case.body, self.texts("insert"))

    def texts(self, name: str) -> list[str]:
        self.asked.add(name)
        return [value for key, value in self.case.fields if key == name]

    def text(self, name: str) -> str:
        (value,) = self.texts(name)
        return value

    def number(self, name: str) -> int:
        return int(self.text(name))

    def hex(self, name: str) -> bytes:
        return bytes.fromhex(self.text(name))

    def keys(self, name: str) -> dict[int, bytes]:
        """Lines of a number and hex, such as device slots with their keys."""
        pairs = (line.split(" ") for line in self.texts(name))
        return {int(number): bytes.fromhex(key) for number, key in pairs}

    def expected(self) -> Outputs:
        """What nobody asked for: outputs, in the order in which they stand."""
        left: Outputs = {}
        for name, value in self.case.fields:
            if name not in self.asked:
                left.setdefault(name, []).append(value)
        return left


def outputs(**values: object) -> Outputs:
    """Outputs as they stand in a case: bytes as hex, one line for each of several."""
    shown: Outputs = {}
    for name, value in values.items():
        lines = value if isinstance(value, list) else [value]
        if lines:
            shown[name.replace("_", "-")] = [_shown(line) for line in lines]
    return shown


def _shown(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def error_names(error: Exception) -> set[str]:
    """What a case may call this error: its own name, or that of a family it belongs to."""
    if not isinstance(error, ProtocolError):
        return {"caller_mistake"}
    kinds = type(error).__mro__
    return {_snake(kind.__name__) for kind in kinds[: kinds.index(ProtocolError)]}


def _snake(name: str) -> str:
    stem = name.removesuffix("Error")
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(stem))
