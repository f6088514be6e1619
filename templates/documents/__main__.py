"""`python -m templates.documents [FOLDER]`: write the shipped templates anew."""

import sys
from pathlib import Path

from templates.documents import SHIPPED
from templates.documents.shipped import make

make(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
