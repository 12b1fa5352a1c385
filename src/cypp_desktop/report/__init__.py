"""Paper: a plan as a PDF, an HTML file or a Word file that look like the table the board knows.

What is printed: ``layouts`` (columns, rows, filters), ``content`` and ``packs`` (a plan as the parts of a
``paper``), ``suited`` (which layout is offered first), ``keeping`` (an officer's own, kept with the plan).
What all outputs share: ``cells`` and ``drawing``, ``palette`` (red, amber and green), ``plain``.
How: ``build`` (a paper to a PDF, and the entrance), ``web`` (HTML), ``word`` and ``wordml`` (Word).
What a PDF is made of: ``fonts`` and ``shaping``, ``text`` and ``lines``, ``table`` (with ``measuring`` and
``breaking``), ``prose``, ``flowables`` and ``contents``; ``sheet`` and ``story``, which put them on paper;
``canvas``, ``structure`` and ``pdf_a``. ReportLab lives here only; no window is known here.
"""
