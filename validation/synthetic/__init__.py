"""A synthetic person, drawn by ray marching, whose every angle is exactly known.

The package gives movecheck its sample videos and the truth they are judged against.
``python -m validation.synthetic --all --out DIR`` draws every named clip.
"""
