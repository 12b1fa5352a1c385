"""Bringing in a plan from a Word file: its rows as a person checks them before they are kept."""
