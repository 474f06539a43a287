"""Whether a file may be kept as evidence: told by its content, held against its name, and harmless to whoever opens it. Pure.

Pictures are drawn anew, so that nothing but their pixels is kept. What is kept is only ever served to be saved, never shown.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass
from typing import Any

import puremagic
from PIL import Image, ImageOps, UnidentifiedImageError

from assessments.files.reading import safe_archive
from riskboard.errors import Refused

MAX_BYTES = 10 * 2**20  # docs/limits.md
MAX_PIXELS = 40_000_000  # of a picture as it is sent; more is refused before it is unpacked
LONGEST_SIDE = 4_000  # pixels of a picture as it is kept; a page scanned at 300 dots an inch has 3,500
MAX_NAME = 120
_OFFICE = {
    "xlsx": ("xl/workbook.xml", "workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": (
        "word/document.xml",
        "document",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}
_NAMED = {"jpg": "jpeg", "csv": "txt"}  # suffixes that mean the same content
SUFFIXES = ("pdf", "png", "jpg", "jpeg", "txt", "csv", "xlsx", "docx")
MEDIA = {
    "pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg", "jpg": "image/jpeg", "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8", **{suffix: told[2] for suffix, told in _OFFICE.items()},
}  # fmt: skip
LISTED = "PDF, PNG, JPEG, TXT, CSV, XLSX or DOCX"
_MARKUP = re.compile(
    rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?xml|object|embed|img)\b|<\?xml", re.IGNORECASE
)
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
_REMOTE = re.compile(
    rb"relationships/(?:attachedTemplate|oleObject|frame|externalLink)\b[^>]*TargetMode=.External", re.IGNORECASE
)
_SPOOFING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is kept: a plain name, its suffix and media type, its bytes and their SHA-256, and that of what was sent."""

    name: str
    suffix: str
    media: str
    data: bytes
    sha256: str
    sent_sha256: str


def kept(data: bytes, name: str) -> Kept:
    """The file as it may be kept. Raises Refused with one sentence for every other."""
    plain = plain_name(name)
    suffix = plain.rpartition(".")[2].casefold() if "." in plain else ""
    if not data:
        raise Refused("the file is empty")
    if len(data) > MAX_BYTES:
        raise Refused(f"the file is larger than {MAX_BYTES // 2**20} MiB")
    if suffix not in SUFFIXES:
        raise Refused(f"a file that ends in {suffix[:10] or 'nothing'!r} is not kept; send {LISTED}")
    found = _content(data)
    if found != _NAMED.get(suffix, suffix):
        raise Refused(
            f"the file is called .{suffix}, and its content is {_CALLED.get(found, 'of another kind')}; send {LISTED}"
        )
    clean = _CHECKS[found](data)
    sent = hashlib.sha256(data).hexdigest()
    return Kept(plain, suffix, MEDIA[suffix], clean, hashlib.sha256(clean).hexdigest(), sent)


def plain_name(name: str) -> str:
    """The last part of the name without marks that hide its end; "file" where nothing is left."""
    last = name.replace("\\", "/").rpartition("/")[2]
    letters = (c for c in last if c not in _SPOOFING and unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    stem, dot, suffix = "".join(letters).strip(" .").rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    stem = stem.strip() or "file"
    return f"{stem[: MAX_NAME - len(suffix) - 1]}{dot}{suffix[:10]}"


_CALLED = {
    "pdf": "a PDF", "png": "a PNG", "jpeg": "a JPEG", "txt": "plain text", "xlsx": "a workbook", "docx": "a document",
    "markup": "markup that a browser would run", "program": "a program", "locked": "locked with a password, or of an old kind",
}  # fmt: skip


def _content(data: bytes) -> str:
    """What the bytes are, by our own strict marks, and nothing that a second reader sees otherwise."""
    found = _marked(data)
    if found in ("pdf", "png", "jpeg", "xlsx", "docx") and found not in _seen_by_another(data):
        return "unknown"
    return found


def _marked(data: bytes) -> str:
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "locked"
    if data.startswith((b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")):
        return "program"
    if _MARKUP.search(data[:65_536]) or _MARKUP.search(data.replace(b"\0", b"")[:65_536]):
        return "markup"
    return "txt" if _is_text(data) else "unknown"


def _seen_by_another(data: bytes) -> set[str]:
    try:
        found = {match.extension.lstrip(".") for match in puremagic.magic_string(data)}
    except (puremagic.PureError, ValueError):
        return set()
    return found | ({"jpeg"} if found & {"jpg", "jpe"} else set())


def _office_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "unknown"
    fitting = [suffix for suffix, (part, _, _) in _OFFICE.items() if part in names]
    return fitting[0] if len(fitting) == 1 and "[Content_Types].xml" in names else "unknown"


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r\f" for c in text)


def _text(data: bytes) -> bytes:
    return data


def _pdf(data: bytes) -> bytes:
    """The PDF as it is. Raises Refused where it would act by itself, is locked, or cannot be opened."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as document:
            if not len(document.pages):
                raise Refused("the PDF has no page")
            acts = any(_ACTIVE_PDF.search(_told(one)) for one in document.objects)
    except pikepdf.PasswordError as fault:
        raise Refused("the PDF is locked with a password; send it without one") from fault
    except (pikepdf.PdfError, ValueError, RuntimeError) as fault:
        raise Refused("the PDF cannot be opened; print it anew and send that") from fault
    if acts:
        raise Refused("the PDF holds scripts, forms that act, or other files; print it anew and send that")
    return data


def _told(one: Any) -> bytes:
    """What an object of a PDF says of itself, its names plain, without the bytes of a stream."""
    import pikepdf

    told = one.stream_dict if isinstance(one, pikepdf.Stream) else one
    return bytes(told.unparse(resolved=True)) if isinstance(told, pikepdf.Dictionary | pikepdf.Array) else b""


def _picture(data: bytes) -> bytes:
    """The picture drawn anew: its pixels upright, at most LONGEST_SIDE on a side, without anything told beside them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
                form = str(picture.format)
                if picture.width * picture.height > MAX_PIXELS:
                    raise Refused(f"the picture has more than {MAX_PIXELS // 10**6} million pixels; send a smaller one")
                if getattr(picture, "n_frames", 1) != 1:
                    raise Refused("the picture moves; send a still one")
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                flat = upright.convert(
                    "RGB" if form == "JPEG" or upright.mode not in ("RGBA", "LA", "P", "PA") else "RGBA"
                )
                flat.info = {}
                out = io.BytesIO()
                flat.save(out, form, **({"quality": 90} if form == "JPEG" else {"optimize": False}))
    except Image.DecompressionBombError as fault:
        raise Refused(f"the picture has more than {MAX_PIXELS // 10**6} million pixels; send a smaller one") from fault
    except Image.DecompressionBombWarning as fault:
        raise Refused(f"the picture has more than {MAX_PIXELS // 10**6} million pixels; send a smaller one") from fault
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError) as fault:
        raise Refused("the picture cannot be read; save it anew and try again") from fault
    return out.getvalue()


def _office(data: bytes) -> bytes:
    """The document as it is. Raises Refused where it holds macros, other programs' objects, or fetches from elsewhere."""
    needs, noun, _ = _OFFICE[_office_kind(data)]
    safe_archive(data, what="file", needs=needs, noun=noun)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for part in packed.infolist():
            name = part.filename.casefold()
            if "/embeddings/" in name or "/activex/" in name or name.endswith((".bin", ".exe", ".js", ".vbs", ".hta")):
                raise Refused("the file holds objects of other programs; send it without them, or as a PDF")
            if name.endswith(".rels") and _REMOTE.search(packed.read(part)):
                raise Refused("the file fetches something from elsewhere when it is opened; send it as a PDF")
            if name == "[content_types].xml" and b"macroenabled" in packed.read(part).lower():
                raise Refused("the file holds macros; save it without them, as .xlsx or .docx")
    return data


_CHECKS = {"pdf": _pdf, "png": _picture, "jpeg": _picture, "txt": _text, "xlsx": _office, "docx": _office}
