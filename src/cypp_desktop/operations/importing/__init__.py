"""Bringing in a plan from Word or plan JSON, for the window and the command line.

``bring_in`` reads a source and makes a plan of it, ``preview`` says in rows and words what was found, and
``column_choices`` what the person says of the columns of Word tables.
"""
