"""Where the binary is, for programs that start it themselves: `headcount.binary`, or None without one."""

import os
import sysconfig


def _folders():
    # Where pip puts programs: beside this Python, or in a person's own folder.
    yield sysconfig.get_path("scripts")
    yield sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user"))
    # As `pip install --target FOLDER` does.
    yield os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bin")


def _find():
    name = "headcount" + (sysconfig.get_config_var("EXE") or "")
    paths = (os.path.join(folder, name) for folder in _folders())
    return next(filter(os.path.isfile, paths), None)


binary = _find()
