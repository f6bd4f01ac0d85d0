"""The arithmetic: shapes and layers in exact integers, arrays in NumPy.

Nothing here knows of matplotlib, Jinja or MkDocs, and only the modules that need arrays import
NumPy: counting does not.
"""
