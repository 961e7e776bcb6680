"""What the bundle has in the place of Python's own SQLite: the one inside sqlcipher3.

The program opens databases with SQLCipher only, but sqlite-utils and highdicom import `sqlite3` by
name. The library of the build machine would come along for them, old and with known holes.
"""

from sqlcipher3 import dbapi2 as dbapi2
from sqlcipher3.dbapi2 import *  # noqa: F403 - whatever Python's own gives
