"""test_office_postgres.py: what test_office.py tries, and what members and operators may, with an
officed on a real PostgreSQL (but for what has an office of its own)."""

import inspect

import test_office
import test_office_me
import test_office_operators
from shop import main
from headoffice import Postgres

if __name__ == "__main__":
    with Postgres() as server:
        main({f"{module.__name__}.{name}": value
              for module in (test_office, test_office_me, test_office_operators)
              for name, value in vars(module).items()
              if name.startswith("test_") and "start" not in inspect.signature(value).parameters},
             [*test_office.OPTIONS, "--office-database", server.url])
