"""test_office_postgres.py: what test_office.py tries, with an officed on a real PostgreSQL
(but for what has an office of its own)."""

import inspect

import test_office
from shop import main
from headoffice import Postgres

if __name__ == "__main__":
    with Postgres() as server:
        main({name: value for name, value in vars(test_office).items()
              if name.startswith("test_") and "start" not in inspect.signature(value).parameters},
             [*test_office.OPTIONS, "--office-database", server.url])
