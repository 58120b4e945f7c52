"""`python -m cloud [serve|migrate|openapi]`: run the services, bring the schema up to date, write the API document."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import get_args

from cloud.errors import CloudError
from cloud.settings import Role, load_settings
from coach_core.errors import UsageError


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 a dependency failed, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m cloud", description="Parkit's cloud services.")
    parser.add_argument("command", nargs="?", choices=("serve", "migrate", "openapi"), default="serve")
    parser.add_argument("--role", choices=get_args(Role), help="what this process does (default: PARKIT_CLOUD_ROLE)")
    options = parser.parse_args(argv)
    try:
        _run(options.command, options.role)
    except UsageError as error:
        print(f"parkit cloud: {error}", file=sys.stderr)
        return 2
    except CloudError as error:
        print(f"parkit cloud: {error.detail}", file=sys.stderr)
        return 1
    return 0


def _run(command: str, role: Role | None) -> None:
    if command == "openapi":
        from cloud.api.openapi import write_document

        print(write_document())
        return
    settings = load_settings(**({} if role is None else {"role": role}))
    if command == "migrate":
        from cloud.store.database import migrate, open_engine

        engine = open_engine(settings.database_url)
        migrate(engine)
        print(f"{engine.url.render_as_string(hide_password=True)} is up to date")
        return
    from cloud.main import run

    run(settings)


if __name__ == "__main__":
    sys.exit(main())
