"""The commands of :mod:`cypp_desktop.cli` that fill files of their own, and what all commands share."""
