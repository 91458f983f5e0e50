"""``python -m hoptac.exchange.standin``: a stand-in for a national registry, for tests and demonstration."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hoptac.exchange.standin.server import serve


def main() -> int:
    """Serve until told to end."""
    parser = argparse.ArgumentParser(prog="standin", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8190)
    parser.add_argument("--store", type=Path, required=True, help="where it keeps what it was told")
    parser.add_argument("--obey", action="store_true", help="may be told to fail (tests)")
    options = parser.parse_args()
    serve(options.host, options.port, options.store, obey=options.obey)
    return 0


if __name__ == "__main__":
    sys.exit(main())
