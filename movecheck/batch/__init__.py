"""A folder of recordings in, one set of tables out.

::

    find -> participants -> job (one recording) -> tables
                 run: threads over pose processes      cluster: the same over Ray

Each recording has a folder of its own, and in it a small state file, written last. So a run that
was ended in any way goes on where it was, and the tables depend on the recordings alone: not on
their order, the number of workers, or how often the work was interrupted.
"""
