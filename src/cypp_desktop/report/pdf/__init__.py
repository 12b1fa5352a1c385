"""The writer of tagged PDF files: pages, page-wise tables, fonts, structure. ReportLab lives here only.

How text becomes lines: ``fonts`` and ``shaping``, ``typesetter`` and ``lines``, ``mixed_directions``.
What is put on which paper: ``page_styles``, ``story`` and ``document``, which brings it all together.
What is put on which paper, in which order: ``page_styles``, ``story`` and ``document``, the entrance.
How pages become a file: ``canvas``, ``structure``, ``metadata``, ``font_embedding``, ``file``, ``password``.
"""
