"""The text a report's pages show, read back as any reader of PDF would: what `verify` looks for its figures in."""

from __future__ import annotations

import threading

_ONE_AT_A_TIME = threading.Lock()  # PDFium keeps state of its own, and asks for this
_HYPHEN_AT_LINE_END = {0xFFFE: "-", 0x02: "-"}  # how PDFium gives a written hyphen that a line ends with


def page_texts(data: bytes) -> list[str]:
    """The text of each page, in the order it was drawn, lines apart. About 10 ms a page.

    Raises ValueError for what is no PDF that can be opened.
    """
    import pypdfium2

    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as fault:
            raise ValueError(str(fault)) from fault
        try:
            return [_text_of(document, number) for number in range(len(document))]
        except pypdfium2.PdfiumError as fault:
            raise ValueError(str(fault)) from fault
        finally:
            document.close()


def _text_of(document: object, number: int) -> str:
    page = document[number]  # type: ignore[index]
    text = page.get_textpage().get_text_range()
    page.close()
    return str(text).translate(_HYPHEN_AT_LINE_END)
