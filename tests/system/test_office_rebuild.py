"""test_office_rebuild.py: officed --rebuild-tables, as a person runs it beside a real office: its tables
are what the shop's entries say, and where somebody has changed them they are made so again.
"""

import contextlib
import sqlite3
import subprocess

from shop import main
from headoffice import (BREAD, BUILD, COFFEE, Rows, agree, buy, check_of, database_of, dead, known)


def rebuild(shop, what):
    """(status, what it said) of a rebuild with this office's configuration."""
    done = subprocess.run([BUILD / "officed", "--rebuild-tables", what, "--config",
                           shop.state / "etc" / "officed.conf"], capture_output=True, text=True,
                          check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def changed(shop, sql):
    with contextlib.closing(sqlite3.connect(database_of(shop))) as db:
        with db:
            db.execute(sql)


def test_tables_are_made_again(start):
    with start("--office", "enrol") as shop:
        buy(shop, known(shop, "Anna Exempla"), COFFEE, BREAD)
        agree(shop)
        shop.office.must("POST", "/v1/shops", {"shop": "falun"})
        status, said = rebuild(shop, "all")
        assert status == 3 and "does not open" in said, (status, said)
        with dead(shop, "officed"):
            status, said = rebuild(shop, shop.name)
            assert status == 0 and "nothing differed" in said, (status, said)
            before = Rows(database_of(shop)).ask("SELECT * FROM line ORDER BY seq")
            changed(shop, "UPDATE line SET total = total + 1")
            changed(shop, "DELETE FROM visit")
            status, said = rebuild(shop, "all")
            print("        " + said.replace("\n", "\n        ").rstrip())
            assert status == 1 and "made again: visit, line\n" in said, (status, said)
            assert "1 of 2 shops" in said and "2 shops, 1 of them made again" in said, said
            assert Rows(database_of(shop)).ask("SELECT * FROM line ORDER BY seq") == before
            assert not check_of(shop, shop)
            assert rebuild(shop, "all")[0] == 0
            assert rebuild(shop, "nowhere") == (3, "officed: there is no shop nowhere\n")
        agree(shop)


def test_what_is_no_command_is_refused(start):
    for args in ([], ["viken"], ["viken", "--config"]):
        done = subprocess.run([BUILD / "officed", "--rebuild-tables", *args], capture_output=True,
                              check=False, timeout=10)
        assert done.returncode == 2 and b"--rebuild-tables SHOP|all" in done.stderr, done


if __name__ == "__main__":
    main(globals())
