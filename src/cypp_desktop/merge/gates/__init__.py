"""The way in for files that came back: each is only read, and believed as far as it goes through the gates.

:mod:`~cypp_desktop.merge.gates.receiving` leads them through.
"""
