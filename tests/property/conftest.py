"""One profile for all property tests: compiling a kernel on first use is no failure."""

from hypothesis import settings

settings.register_profile("parkit", deadline=None)
settings.load_profile("parkit")
