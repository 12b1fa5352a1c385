"""Work without a screen that the window and the command line share: printing, review, returns, importing.

Calls report, exchange and merge. Knows no Qt, so that all of it can be tried and used without a window.
"""
