"""The catalogue of all texts: ``movecheck.pot`` and a folder a language; `extract` fills it."""
