"""Notebooks are executed, and what they print and draw is kept in their files, so that a code host shows it.

PYTHONPATH=tools python -m notebook_outputs            executes all and writes those whose outputs changed
PYTHONPATH=tools python -m notebook_outputs --check    names those that are not current; exit code 1
"""
