"""What can go wrong that a person can act on.

A :class:`CyppError` carries words for a person: what happened, to which file or field, and
what to do next. The window shows them in a banner or a message, the command line prints them on
one line. Every other exception is a bug of ours.
"""

from __future__ import annotations


class CyppError(Exception):
    """Something the person can act on, in plain words and without any text of the plan."""


class UsageError(CyppError):
    """A request that names something that is not there: an address, a field, a layout."""


class FileProblem(CyppError):
    """A file or folder that cannot be read or written as asked."""


class NotAPlan(FileProblem):
    """A file that is not a plan of this application: foreign, damaged, or not SQLite at all."""


class NewerPlan(FileProblem):
    """A plan written by a later major version of the application."""


class PlanInUse(FileProblem):
    """A plan whose working copy is open in another process on this machine."""


class ImportProblem(CyppError):
    """A source document that cannot be read as a plan."""


class PlanRuleBroken(CyppError):
    """An edit that would break a rule of the plan, such as a code for nothing or a row in itself."""
