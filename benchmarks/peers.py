"""Two other ways from the same content to a PDF: Chromium's print of the same HTML, and Typst of the same words, tables and pictures.

Each function gives what prints once, or None where the peer is not installed. Neither attaches data or is checked for access.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from lxml import etree, html

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SVG = "{http://www.w3.org/2000/svg}svg"


def chromium(page: bytes) -> Callable[[], object] | None:
    """A run of headless Chromium from start to file: it is no library, so that a start belongs to every report."""
    binary = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if binary is None:
        return None

    def printing() -> None:
        with tempfile.TemporaryDirectory() as folder:
            source, out = Path(folder) / "report.html", Path(folder) / "report.pdf"
            source.write_bytes(page)
            subprocess.run(
                [binary, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
                 "--no-pdf-header-footer", f"--print-to-pdf={out}", source.as_uri()],
                check=True, capture_output=True, timeout=120,
            )  # fmt: skip
            assert out.read_bytes().startswith(b"%PDF")

    return printing


def typst(page: bytes) -> Callable[[], object] | None:
    """Typst's compiler in this process, on the words, headings, tables and pictures of the report."""
    try:
        import typst as compiler
    except ImportError:
        return None
    files = _typst_files(page)

    def printing() -> None:
        made: bytes = compiler.compile(files, format="pdf")
        assert made.startswith(b"%PDF")

    return printing


def _typst_files(page: bytes) -> dict[str, bytes]:
    """The report as Typst's markup, and its pictures as files."""
    body = html.document_fromstring(page.decode()).find("body")
    files: dict[str, bytes] = {}
    lines = ['#set page(paper: "a4", numbering: "1")', "#set text(size: 9pt)"]
    assert body is not None
    for element in body.iter():
        tag = element.tag if isinstance(element.tag, str) else ""
        inside = {one.tag for one in element.iterancestors()}
        if tag in ("svg", SVG) and not inside & {"svg", SVG}:
            name = f"picture{len(files)}.svg"
            element.set("xmlns", "http://www.w3.org/2000/svg")
            files[name] = etree.tostring(element, with_tail=False)
            lines.append(f'#image("{name}", width: 60%)')
        elif tag in ("h1", "h2", "h3", "h4"):
            lines.append(f"#heading(level: {tag[1]}, {_string(element)})")
        elif tag == "table":
            lines.append(_table(element))
        elif tag in ("p", "li", "dt", "dd", "figcaption") and not inside & {"table", "p", "li"}:
            lines.append(f"#par(text({_string(element)}))")
    return {"main": "\n".join(lines).encode(), **files}


def _table(table: html.HtmlElement) -> str:
    found = [[_string(cell) for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    width = max((len(row) for row in found), default=1) or 1
    cells = [cell for row in found for cell in (row + ['""'] * width)[:width]]
    return f"#table(columns: {width}, {', '.join(f'text({cell})' for cell in cells)})"


def _string(element: html.HtmlElement) -> str:
    """The words of an element as a string of Typst's."""
    words = " ".join(element.text_content().split())
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
