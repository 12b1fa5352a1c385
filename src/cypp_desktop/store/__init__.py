"""The plan on disk: the .cypp file, its working copy, the change log and the editor.

Knows no Qt and no paper. Every write of a plan goes through :mod:`cypp_desktop.store.editor`.
"""
