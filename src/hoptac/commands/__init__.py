"""The commands of ``./hoptac``: one module each, with ``add_arguments(parser)`` and ``run(options)``."""
