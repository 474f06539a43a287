"""Making the PDF: a process of its own, which holds nothing of the worker's and can be killed at any moment (docs/adr/0017).

`rendering` is the worker's side. It starts the `zygote`, a clean process that has the PDF engine loaded and forks a child for
every report. The child is bound by `guard` and sets the pages in `typesetting`, the only module that imports WeasyPrint.
"""
