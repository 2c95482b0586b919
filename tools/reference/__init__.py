"""Pages of the reference that are written from the code, so that they cannot say anything else than it does.

PYTHONPATH=tools python -m reference            writes docs/errors.md, docs/cli.md, docs/settings.md, docs/spec.md
PYTHONPATH=tools python -m reference --check    names the pages that are not current; exit code 1
"""
