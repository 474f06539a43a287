"""What may be kept as evidence is told by its content; everything else is refused in a sentence."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pikepdf
import pytest
from PIL import Image

from assessments.files import attachable
from riskboard.errors import Refused
from tests.caiq_workbook import caiq


def picture(form: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 1).save(out, form, **options)
    return out.getvalue()


def pdf(change=None, **options) -> bytes:
    out = io.BytesIO()
    made = pikepdf.new()
    made.add_blank_page()
    if change:
        change(made)
    made.save(out, **options)
    return out.getvalue()


def acts(kind: str):
    action = pikepdf.Dictionary(S=pikepdf.Name("/" + kind), JS="x", F="x")
    return lambda made: made.Root.__setattr__("OpenAction", action)


def with_file(made) -> None:
    made.attachments["a.txt"] = b"x"


def docx(parts: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {
            "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": b"<Relationships/>", "word/document.xml": b"<document/>", **(parts or {}),
        }.items():  # fmt: skip
            archive.writestr(name, data)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG that says 60,000 by 60,000 in a few hundred bytes."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


KEPT = [
    ("report.pdf", pdf()), ("Scan 1.PNG", picture("PNG")), ("a.png", picture("PNG", mode="P")), ("b.jpg", picture("JPEG")),
    ("b.jpeg", picture("JPEG", mode="L")), ("notes.txt", "Größe ½\r\n".encode()), ("t.csv", b"a;b\n1;<2\n"), ("c.xlsx", caiq({})),
    ("d.docx", docx()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), KEPT, ids=[name for name, _ in KEPT])
def test_what_is_what_its_name_says_is_kept(name, data):
    found = attachable.kept(data, name)
    assert found.suffix == name.rpartition(".")[2].lower()
    assert len(found.sha256) == len(found.sent_sha256) == 64
    if not name.lower().endswith(("png", "jpg", "jpeg")):
        assert found.data == data


REFUSED = [
    ("a.svg", b"<svg/>", "ends in 'svg' is not kept"), ("a.html", b"<html>", "ends in 'html'"), ("a.exe", b"MZ", "ends in 'exe'"),
    ("a", b"x", "ends in 'nothing'"), ("a.txt", b"", "is empty"), ("a.pdf", b"x" * (attachable.MAX_BYTES + 1), "larger than 10 MiB"),
    ("a.png", picture("JPEG"), "called .png, and its content is a JPEG"), ("a.pdf", picture("PNG"), "its content is a PNG"),
    ("a.png", pdf(), "its content is a PDF"), ("a.png", picture("GIF"), "of another kind"), ("a.xlsx", docx(), "is a document"),
    ("a.txt", b"\n <svg onload=alert(1)>", "markup that a browser would run"), ("a.csv", b"x,<ScRiPt >y", "markup"),
    ("a.txt", "<html>".encode("utf-16"), "markup"), ("a.txt", b"MZ\x90\0", "a program"), ("a.txt", b"#!/bin/sh\n", "a program"),
    ("a.txt", b"\x7fELF", "a program"), ("a.txt", b"a\0b", "of another kind"), ("a.txt", b"\xff\xfeA", "of another kind"),
    ("a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "locked with a password"),
    ("a.xlsx", b"PK\x03\x04" + b"\0" * 99, "of another kind"),
    ("a.pdf", b"%PDF-1.7\n%%EOF", "cannot be opened"), ("a.pdf", b"%PDF-1.7\n", "its content is plain text"),
    ("a.pdf", pdf(acts("JavaScript")), "holds scripts"), ("a.pdf", pdf(acts("Launch")), "holds scripts"),
    ("a.pdf", pdf(acts("JavaScript"), object_stream_mode=pikepdf.ObjectStreamMode.generate), "holds scripts"),
    ("a.pdf", pdf(with_file), "other files"),
    ("a.pdf", pdf(encryption=pikepdf.Encryption(user="x", owner="y")), "locked with a password"),
    ("a.docx", docx({"word/vbaProject.bin": b"x"}), "holds macros"),
    ("a.docx", docx({"word/embeddings/oleObject1.bin": b"x"}), "objects of other programs"),
    ("a.docx", docx({"word/_rels/settings.xml.rels": b'<R Type="http://x/relationships/attachedTemplate" Target="http://e" '
                     b'TargetMode="External"/>'}), "fetches something from elsewhere"),
    ("a.docx", docx({"word/big.xml": b" " * 45_000_000}), "unpacks to far more"),
    ("a.docx", docx({"xl/workbook.xml": b"<x/>"}), "of another kind"),
    ("a.docx", docx({"word/x.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]>"}), "no document that can be read"),
    ("a.png", bomb(), "million pixels"), ("a.png", picture("PNG")[:60], "cannot be read"),
    ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 50, "."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "told"), REFUSED, ids=[f"{n}-{told}" for n, _, told in REFUSED])
def test_everything_else_is_refused_in_a_sentence(name, data, told):
    with pytest.raises(Refused, match=told):
        attachable.kept(data, name)


def test_a_picture_keeps_its_pixels_and_nothing_told_beside_them():
    exif = Image.Exif()
    exif[0x010E] = "secret-place"
    exif[0x0112] = 6  # turned
    data = picture("JPEG", (60, 40), exif=exif, comment=b"secret-words") + b"<script>secret-tail</script>"
    found = attachable.kept(data, "a.jpg")
    assert b"secret" not in found.data
    with Image.open(io.BytesIO(found.data)) as drawn:
        assert drawn.size == (40, 60), "upright"
    with Image.open(io.BytesIO(attachable.kept(picture("PNG", (6000, 30)), "a.png").data)) as drawn:
        assert drawn.size == (4000, 20)


NAMES = [
    ("../../etc/passwd.txt", "passwd.txt"), ("C:\\x\\y.pdf", "y.pdf"), ("a\u202egpj.txt", "agpj.txt"), ("a\r\nb.txt", "ab.txt"),
    (".txt", "txt"), ("", "file"), ("x" * 300 + ".pdf", "x" * 116 + ".pdf"), ('a"b<c>.csv', "abc.csv"), ("bericht.pdf", "bericht.pdf"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "name"), NAMES)
def test_a_name_loses_its_path_and_what_hides_its_end(given, name):
    assert attachable.plain_name(given) == name
