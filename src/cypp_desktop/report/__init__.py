"""Paper: a plan as a PDF that looks like the table the board knows. ReportLab lives here only.

``fonts`` (which glyph comes from where), ``shaping`` and ``mixed`` (writing from right to left),
``structure`` (the elements of a tagged PDF), ``canvas`` (the page that is drawn on), ``lines`` and ``text``
(Markdown blocks as measured lines), ``table`` (the page-wise table), ``contents``, ``layouts`` (what each
layout's columns hold) and ``build`` (a plan and a layout to a file). The file itself: ``pdf_file``
(objects), ``embedding`` (fonts), ``pdf_a`` (metadata, colours, data), ``protect`` (password). Nothing here
edits a plan or knows a window.
"""
