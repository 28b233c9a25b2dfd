"""Notebook widgets: one module per widget, with the same stem as its view.

A widget wires ipywidgets controls to a picture of `course.views`; it computes and
draws nothing itself. This is the only package that imports `ipywidgets`.
"""
