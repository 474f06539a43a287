"""Outside HTML to plain text."""

from __future__ import annotations

import pytest

from vendors.sources.plaintext import MAX_CHARACTERS, plain, short


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (None, ""),
        ("", ""),
        ("Plain words.", "Plain words."),
        ("a<br>b<br />c", "a\nb\nc"),
        ("<p>a</p><p>b</p>", "a\nb"),
        ("<ul><li><strong>10:00</strong> - a</li><li>b</li></ul>", "10:00 - a\nb"),
        ("a\r\n\r\n  b", "a\nb"),
        ("Tom &amp; Jerry &lt;3", "Tom & Jerry <3"),
        ("a&nbsp;b", "a b"),
        ("<a href='javascript:alert(1)'>x</a>", "x"),
        ("a<script>alert(1)</script>b", "ab"),
        ("a<style>p{}</style>b", "ab"),
        ("set <your token> in <b>bold</b>", "set <your token> in bold"),
        ("set <your token>", "set <your token>"),
        ("1 < 2 and <i>3</i> > 2", "1 < 2 and 3 > 2"),
        ("a\x00b\x07c\u202ed", "abcd"),
        ("<!-- hidden -->shown", "shown"),
        ("障害が<br>発生", "障害が\n発生"),
    ],
)
def test_markup_goes_and_words_stay(html, text):
    assert plain(html) == text


@pytest.mark.parametrize(
    "text", ["x" * (MAX_CHARACTERS + 5), "<" * 50_000, "<p>" * 30_000, "&" * 50_000, " " * 200_000], ids=len
)
def test_no_text_is_too_long_or_too_odd(text):
    assert len(plain(text)) <= MAX_CHARACTERS


def test_short_is_one_line_and_cut_with_an_ellipsis():
    assert short("a<br>b") == "a b"
    assert short("x" * 20, 10) == "x" * 9 + "…"
