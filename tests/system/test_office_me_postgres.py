"""test_office_me_postgres.py: what test_office_me.py and test_office_operators.py try, with an officed
on a real PostgreSQL (but for what has an office of its own)."""

import inspect

import test_office_me
import test_office_operators
from shop import main
from headoffice import Postgres

if __name__ == "__main__":
    with Postgres() as server:
        main({name: value for module in (test_office_me, test_office_operators)
              for name, value in vars(module).items()
              if name.startswith("test_") and "start" not in inspect.signature(value).parameters},
             [*test_office_me.OPTIONS, "--office-database", server.url])
