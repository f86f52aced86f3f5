import struct

from silent_courier.cli.demo import samples


def segments(jpeg: bytes) -> dict[int, bytes]:
    """The segments of a JPEG up to its scan."""
    found, position = {}, 2
    while jpeg[position + 1] != 0xDA:
        marker, length = struct.unpack(">xBH", jpeg[position : position + 4])
        found[marker] = jpeg[position + 4 : position + 2 + length]
        position += 2 + length
    return found


def test_the_photo_is_a_jpeg_with_exif() -> None:
    photo = samples.photo()
    assert photo[:2] == b"\xff\xd8"
    assert photo[-2:] == b"\xff\xd9"
    parts = segments(photo)
    assert parts[0xE1].startswith(b"Exif\0\0MM\0*")
    assert b"Sample Telephones" in parts[0xE1]
    assert struct.unpack(">HH", parts[0xC0][1:5]) == (240, 320)


def test_the_recording_takes_more_than_three_chunks() -> None:
    recording = samples.recording()
    assert len(recording) == samples.RECORDING_LEN > 3 * 1024 * 1024
    assert recording[: 1024 * 1024] != recording[1024 * 1024 : 2 * 1024 * 1024]


def test_the_letter_speaks_of_nothing_that_is_not_with_it() -> None:
    assert "снимок" in samples.LETTER
    assert "запись" not in samples.LETTER + samples.FIRST_ANSWER


def test_the_letters_are_russian() -> None:
    for text in (samples.LETTER, samples.SECOND_LETTER, samples.FIRST_ANSWER):
        assert sum("а" <= letter.lower() <= "я" for letter in text) > len(text) * 0.7
