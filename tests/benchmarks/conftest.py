"""The benchmarks are a package of the repository's root, which no distribution holds."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
