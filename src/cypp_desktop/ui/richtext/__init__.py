"""The rich text editor: a plan's text, edited true to its Markdown blocks.

``outline`` lines of a text and the list items around them (no Qt); ``document`` lines in a
QTextDocument; ``html`` and ``typed`` what other programs put on the clipboard (no Qt); ``clipboard``
both ways through it; ``area`` the writing surface; ``commands`` what its keys and buttons do;
``actions``, ``linkbar`` and ``fullscreen`` what is around it; ``editor`` the widget that panels embed,
``RichTextEdit``. Nothing here knows the plan: a text comes in and a text goes out.
"""
