"""CYPP Desktop: edit, trust and print a Children and Young People's Plan, offline."""

__version__ = "0.1.0"
