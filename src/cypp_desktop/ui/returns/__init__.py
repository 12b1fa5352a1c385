"""Returns in the window: sending them out, the board of what was sent, and the window of a partner.

``page`` holds the ``board`` of what was sent and the ``issue_desk`` that returns are sent from;
``return_bar`` stands over a return that is open. Nothing here is loaded before it is needed. What is read for
them, without Qt, is the matter of :mod:`cypp_desktop.operations.returns`.
"""
