"""Files that are made to hurt whoever opens them. Small ones, all made here."""

import io
import struct
import tarfile
import zipfile
import zlib

import pypdfium2
from PIL import Image


def picture(width: int = 64, height: int = 48, kind: str = "PNG", mode: str = "RGB") -> bytes:
    """An honest picture."""
    image = Image.new(mode, (width, height), "red" if mode in {"RGB", "P"} else 0)
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def pdf(pages: int = 1, width: float = 595, height: float = 842) -> bytes:
    """Empty pages."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, height).close()
    file = io.BytesIO()
    document.save(file)
    document.close()
    return file.getvalue()


def written_pdf(text: str = "Hello tender", more: str = "", trailer: str = "") -> bytes:
    """One page with these words, written by hand; `more` goes into its catalogue."""
    stream = f"BT /F1 24 Tf 20 100 Td ({text}) Tj ET"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {more} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
        " >> >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]
    body, places = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{item}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        body
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
            f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n"
            f"startxref\n{len(body)}\n%%EOF\n"
        ).encode()
    )


def pdf_with_everything() -> bytes:
    """Script, a program to launch, a file inside, each by its plain name."""
    return written_pdf(
        more="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) /Next << /S /Launch"
        " /F (cmd.exe) >> >> /Names << /EmbeddedFiles << /Names [] >> >>"
    )


def locked_pdf() -> bytes:
    """Says that it is encrypted, by a password that nobody has."""
    key = "00" * 32
    return written_pdf(
        trailer=f"/ID [<{key[:32]}> <{key[:32]}>] /Encrypt << /Filter /Standard /V 2 /R 3"
        f" /Length 128 /P -44 /O <{key}> /U <{key}> >>"
    )


def pdf_of_a_million_pages() -> bytes:
    """Counts pages that are one and the same, nested."""
    return written_pdf().replace(
        b"/Kids [3 0 R] /Count 1 ", b"/Kids [" + b"2 0 R " * 60 + b"3 0 R] /Count 1000000 "
    )


def bomb_png(side: int = 40_000) -> bytes:
    """A few hundred KiB that would be gigabytes of pixels."""
    row = zlib.compressobj(9)
    body = b"".join(row.compress(bytes(1 + side // 8)) for _ in range(side)) + row.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def hundred_megapixels() -> bytes:
    """An honest JPEG of 100 megapixels and a plain colour, as a BMP would be 300 MB."""
    return picture(10_000, 10_000, "PNG", "L")


def zipped(**members: bytes) -> bytes:
    """A ZIP with these members; two underscores stand for a slash."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return file.getvalue()


def zip_bomb() -> bytes:
    """64 MiB of zeros in 64 KiB."""
    return zipped(zeros=bytes(64 << 20))


def encrypted_zip() -> bytes:
    """The flag of encryption set in both places, as real ones have it."""
    made = bytearray(zipped(secret=b"x"))
    made[6] |= 1
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def office(part: str, *, macros: bool) -> bytes:
    """A Word or Excel file in outline."""
    members = {"[Content_Types]_dot_xml": b"<Types/>", f"{part}__document_dot_xml": b"<w/>"}
    if macros:
        members[f"{part}__vbaProject_dot_bin"] = b"macro"
    return zipped(**members)


def tarred() -> bytes:
    """A tar with a name that climbs."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("../../etc/passwd")
        member.size = 1
        archive.addfile(member, io.BytesIO(b"x"))
    return file.getvalue()


def old_office(*, macros: bool = False, encrypted: bool = False) -> bytes:
    """An OLE file as far as its names go."""
    names = ["WordDocument", *(["_VBA_PROJECT"] if macros else [])]
    names += ["EncryptedPackage"] if encrypted else []
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "".join(names).encode("utf-16-le")


def telling_picture(maker: bytes) -> bytes:
    """A photo that says which camera took it."""
    image = Image.new("RGB", (40, 30), "blue")
    details = image.getexif()
    details[0x010F] = maker.decode()
    file = io.BytesIO()
    image.save(file, "JPEG", exif=details)
    return file.getvalue()
