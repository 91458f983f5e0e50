"""The commands of ``./hoptac``, one module each: ``add_arguments(parser)``, ``run(options)``."""
