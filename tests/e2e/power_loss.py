"""What a disk would hold after a power loss: what was synced, and nothing else.

Replays the system calls of a traced program on a model of its directory. A file has the content of
its last sync that ended, as it was when that sync began; a name is there when its directory was
synced after it was given, and gone only when it was synced after it was taken. Real disks mostly
keep more than that; none may keep less.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

CALLS: Final = (
    "openat,creat,write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,fallocate,lseek,fsync,"
    "fdatasync,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir,mkdir,"
    "mkdirat,copy_file_range,sendfile,splice,sendto,sendmsg"
)
# Long enough for a chunk in one piece; every string comes in hex.
STRACE: Final = ("strace", "-f", "-y", "-xx", "-s", "1200000", "-e", f"trace={CALLS}", "-o")
DONE: Final = b"HTTP/1.1 204"

_LINE: Final = re.compile(r"(\d+) +(.*)")
_RESUMED: Final = re.compile(r"<\.\.\. \w+ resumed>")
_CALL: Final = re.compile(r"(\w+)\((.*)\) += (-?\d+)", re.S)
_PLACE: Final = re.compile(r'(\d+|AT_FDCWD)<((?:\\x..)*)>|"((?:\\x..)*)"')


@dataclass(slots=True, eq=False)
class File:
    """One file: as programs see it, and as it was when last synced."""

    now: bytearray = field(default_factory=bytearray)
    synced: bytes = b""


@dataclass(frozen=True, slots=True)
class Image:
    """What is on the disk: directories, and files with their content."""

    directories: frozenset[str]
    files: Mapping[str, bytes]

    def write(self, root: Path) -> None:
        """Put it there as a directory of its own."""
        root.mkdir()
        for name in sorted(self.directories):
            if all(str(parent) in self.directories for parent in Path(name).parents if parent.name):
                (root / name).mkdir(mode=0o700)
        for name, content in self.files.items():
            if (root / name).parent.is_dir():
                (root / name).write_bytes(content)


class Disk:
    """A directory under observation; names are relative to it. A directory is the file None."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._now: dict[str, File | None] = {}
        for path in root.rglob("*"):
            content = None if path.is_dir() else path.read_bytes()
            name = str(path.relative_to(root))
            self._now[name] = content if content is None else File(bytearray(content), content)
        self._synced = dict(self._now)
        self._places: dict[str, int] = {}

    def replay(self, trace: str, said: bytes = DONE) -> Iterator[Image]:
        """The disk at each moment at which the program began to say this to another one."""
        begun: dict[str, str] = {}
        syncs: dict[str, bytes] = {}
        for line in trace.splitlines():
            match = _LINE.match(line)
            if match is None:
                continue
            process, rest = match.groups()
            resumed = _RESUMED.match(rest)
            if resumed:
                rest = begun.pop(process, "") + rest[resumed.end() :]
            elif "sync(" in rest and (file := self._file_of(rest)) is not None:
                syncs[process] = bytes(file.now)
            if rest.startswith(("send", "write(1<")) and not resumed and said in _strings(rest):
                yield self.image()
            if rest.endswith("<unfinished ...>"):
                begun[process] = rest.removesuffix("<unfinished ...>")
            elif call := _CALL.match(rest):
                self._do(call[1], call[2], int(call[3]), syncs.pop(process, b""))

    def image(self) -> Image:
        """What a power loss would leave now."""
        files = {name: file.synced for name, file in self._synced.items() if file is not None}
        return Image(frozenset(self._synced.keys() - files.keys()), files)

    def _do(self, call: str, arguments: str, result: int, was: bytes) -> None:
        names = list(self._names(arguments))
        if result < 0 or not names:
            return
        match call:
            case "openat":
                self._open(names[0], arguments, result)
            case "write":
                place = self._places.get(_descriptor(arguments), 0)
                self._write(names[0], _strings(arguments)[:result], place)
                self._places[_descriptor(arguments)] = place + result
            case "pwrite64":
                self._write(names[0], _strings(arguments)[:result], _last(arguments))
            case "lseek":
                self._places[_descriptor(arguments)] = result
            case "ftruncate":
                self._cut(names[0], _last(arguments))
            case "fsync" | "fdatasync":
                self._sync(names[0], was)
            case "rename" | "renameat" | "renameat2":
                self._now[names[1]] = self._now.pop(names[0])
            case "link" | "linkat":
                self._now[names[1]] = self._now[names[0]]
            case "unlink" | "unlinkat" | "rmdir":
                del self._now[names[0]]
            case "mkdir" | "mkdirat":
                self._now[names[0]] = None
            case _:
                raise AssertionError(f"{call} is not replayed")

    def _open(self, name: str, arguments: str, descriptor: int) -> None:
        file = self._now.get(name)
        if "O_CREAT" in arguments and name not in self._now:
            file = self._now[name] = File()
        assert "O_APPEND" not in arguments
        if "O_TRUNC" in arguments and file is not None:
            file.now.clear()
        self._places[str(descriptor)] = 0

    def _write(self, name: str, data: bytes, place: int) -> None:
        file = self._now.get(name)
        # Of a file that was unlinked nothing can be left.
        if file is not None:
            file.now.extend(bytes(max(0, place - len(file.now))))
            file.now[place : place + len(data)] = data

    def _cut(self, name: str, length: int) -> None:
        file = self._now.get(name)
        if file is not None:
            del file.now[length:]
            file.now.extend(bytes(length - len(file.now)))

    def _sync(self, name: str, was: bytes) -> None:
        file = self._now.get(name)
        if file is not None:
            file.synced = was
            return
        directory = Path(name)
        inside = {n for n in (*self._now, *self._synced) if Path(n).parent == directory}
        for entry in inside:
            if entry in self._now:
                self._synced[entry] = self._now[entry]
            else:
                del self._synced[entry]

    def _file_of(self, rest: str) -> File | None:
        return next((self._now.get(name) for name in self._names(rest)), None)

    def _names(self, arguments: str) -> Iterator[str]:
        """The paths below the root: of descriptors, and of strings beside one of a directory."""
        beside = ""
        for descriptor, place, text in _PLACE.findall(arguments):
            path = _decode(place or text).decode(errors="replace")
            if descriptor == "AT_FDCWD":
                beside = path
                continue
            whole = Path(path) if descriptor else Path(beside, path)
            if whole.is_relative_to(self._root):
                yield str(whole.relative_to(self._root))


def _strings(arguments: str) -> bytes:
    """The bytes of every string, joined."""
    return b"".join(_decode(text) for _, _, text in _PLACE.findall(arguments))


def _decode(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _last(arguments: str) -> int:
    return int(arguments.rpartition(", ")[2])


def _descriptor(arguments: str) -> str:
    return arguments.partition("<")[0]
