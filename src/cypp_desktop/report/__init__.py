"""Paper: a plan as a PDF that looks like the table the board knows. ReportLab lives here only.

``fonts`` (which glyph comes from where), ``canvas`` (the page that is drawn on), ``text`` (Markdown
blocks as measured lines), ``table`` (the page-wise table), ``layouts`` (what each layout's columns
hold) and ``build`` (a plan and a layout to a file). Nothing here edits a plan or knows a window.
"""
