"""What is sent in the demo: a Russian letter, a photo with EXIF, a larger file. All made up.

The photo is a plain grey picture, written byte by byte so that no picture of anybody is needed;
its EXIF names a camera and a place, as those of telephones do.
"""

import struct
from typing import Final

LETTER: Final = """\
Здравствуйте.

Пишу вам, потому что больше не знаю, к кому обратиться. Я работаю в отделе закупок городской
больницы. С весны мы подписываем акты о ремонте, которого не было: третий этаж закрыт, рабочих
никто не видел, а деньги перечислены полностью, в два приёма.

Я видела договор и оба акта. На них подпись человека, который в те дни был в отпуске. Когда я
спросила, мне посоветовали не задавать вопросов, если я хочу спокойно доработать до пенсии.

К письму прилагаю снимок закрытого этажа. Прошу не называть отдел: нас там четверо, и меня легко
узнать. Я вернусь сюда через неделю и прочту ваш ответ."""

SECOND_LETTER: Final = """\
Спасибо, что ответили. Договор хранится в бухгалтерии, номер я помню не полностью: он кончается
на 117. На следующей неделе обещали проверку, но о ней предупредили заранее."""

THIRD_LETTER: Final = """\
Проверка была. Смотрели только бумаги, на этаж не поднимались."""

FIRST_ANSWER: Final = """\
Здравствуйте. Мы получили письмо и снимок. Отдел и должность мы не назовём нигде.
Пожалуйста, ничего больше не копируйте на работе. Помните ли вы номер договора?"""

SECOND_ANSWER: Final = """\
Спасибо, этого достаточно: договор мы нашли в открытых данных. Будьте осторожны и загляните
сюда через две недели."""

RECORDING_LEN: Final = 3 * 1024 * 1024 + 12_345
"""Bytes; four chunks, the last not full."""

_WIDTH: Final = 320
_HEIGHT: Final = 240


def photo() -> bytes:
    """A JPEG of 320 by 240 grey points with an EXIF block: camera, date, place."""
    tables = _segment(0xDB, b"\x00" + b"\x10" * 64)
    frame = _segment(0xC0, struct.pack(">BHHB", 8, _HEIGHT, _WIDTH, 1) + b"\x01\x11\x00")
    # One code of one bit in each table: "no difference" and "nothing more in this block".
    one_code = b"\x01" + b"\x00" * 15 + b"\x00"
    codes = _segment(0xC4, b"\x00" + one_code) + _segment(0xC4, b"\x10" + one_code)
    scan = _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    bits = 2 * (_WIDTH // 8) * (_HEIGHT // 8)
    return (
        b"\xff\xd8" + _segment(0xE1, _exif()) + tables + frame + codes + scan
        + bytes(bits // 8)
        + b"\xff\xd9"
    )  # fmt: skip


def recording() -> bytes:
    """A file of three chunks and a bit whose bytes do not repeat."""
    words = bytearray()
    state = 1
    while len(words) < RECORDING_LEN:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        words += state.to_bytes(8, "big")
    return bytes(words[:RECORDING_LEN])


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _exif() -> bytes:
    """A TIFF header and one directory of texts."""
    texts = {
        0x010F: b"Sample Telephones\0",
        0x0110: b"Model One\0",
        0x0132: b"2026:11:20 14:03:22\0",
        0x9C9C: "Третий этаж\0".encode("utf-16-le"),
    }
    start = 8 + 2 + 12 * len(texts) + 4
    entries, values = b"", b""
    for tag, text in texts.items():
        kind = 1 if tag == 0x9C9C else 2
        entries += struct.pack(">HHII", tag, kind, len(text), start + len(values))
        values += text
    directory = struct.pack(">H", len(texts)) + entries + struct.pack(">I", 0)
    return b"Exif\0\0" + b"MM\0*" + struct.pack(">I", 8) + directory + values
