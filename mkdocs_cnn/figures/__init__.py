"""Figures: one module per chapter, each a few declared drawing functions.

`declaration` says what a figure is, `catalogue` finds them by name without importing them, `style`
is how they look, `parts` is what they share, and `drawing` makes files of them.
"""
