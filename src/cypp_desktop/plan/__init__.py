"""What a plan is: its mapped classes, codes, Markdown blocks, dates and rules.

Imports SQLAlchemy where rows are mapped; knows no Qt, no files and no windows.
"""
