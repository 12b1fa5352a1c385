"""Paper: a plan as a PDF, a web page or a Word file that look like the table the board knows.

What is printed: ``layouts`` (columns, rows, filters); ``paper_builder``, with ``record_tables`` and
``narrative``, and ``packs`` make of a plan the parts of a ``paper``; ``layout_choice`` says which layout is
best for a plan, ``printed_fields`` and ``printed_data`` what may go along with a paper as data.
What all three writers share: ``cells``, ``drawing`` and ``palette`` (red, amber and green), ``characters``,
``column_widths`` and ``paper_kinds``.
The writers: ``pdf``, ``web`` (HTML), ``word`` and ``wordml`` (Word); ``output`` is the way to them. Only
``pdf`` knows ReportLab; no window is known here.
"""
