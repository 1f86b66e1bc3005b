"""test_office_postgres.py: what test_office.py tries, with an officed on a real PostgreSQL."""

import test_office
from shop import main
from headoffice import Postgres

LEFT_OUT = {"test_another_office_is_not_believed"}  # no office has a part in it

if __name__ == "__main__":
    with Postgres() as server:
        tests = {name: value for name, value in vars(test_office).items()
                 if name.startswith("test_") and name not in LEFT_OUT}
        for test in tests.values():
            test.__globals__["DATABASE"] = ["--office-database", server.url]
        main(tests, [*test_office.OPTIONS, "--office-database", server.url])
