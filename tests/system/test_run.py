"""`make run` and `make demo` as a newcomer types them."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

from shop import PYTHON, ROOT, Shop, alive, main, until

DEMO = ROOT / "tests" / "standin" / "demo.py"


def test_run_json_says_where_everything_is(shop):
    run = shop.run
    assert set(run) == {"shop", "door", "api", "shopctl", "scanner", "till_scanner", "sms", "sms_inbox",
                        "owner_phone", "ledger"}
    assert (run["shop"], run["door"]) == ("viken", "front"), run
    assert run["api"].startswith("http://127.0.0.1:"), run
    for key in ("scanner", "till_scanner", "sms", "ledger"):
        assert os.path.isabs(run[key]) and os.path.exists(run[key]), (key, run[key])
    assert isinstance(run["shopctl"], list) and os.path.isabs(run["shopctl"][0]), run
    assert os.isatty(os.open(run["scanner"], os.O_RDWR | os.O_NOCTTY))
    status = shop.shopctl("status")
    assert status["simulated"] and status["ledger_ok"] and status["courier_connected"], status
    assert status["counter_connected"] and status["clock_trusted"], status
    assert status["articles"] == 2379, status


def test_the_demo_tells_a_whole_visit(shop):
    done = subprocess.run([PYTHON, str(DEMO), "--state", str(shop.state)], capture_output=True,
                          text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("the strike lets go", "to the monthly invoice", "held open", "verified", "The end"):
        assert words in done.stdout, (words, done.stdout)
    shop.quiet()


def test_the_demo_fails_when_a_step_does_not_happen(start):
    with start("--set=shopd:hours:monday=closed", "--set=shopd:hours:tuesday=closed",
               "--set=shopd:hours:wednesday=closed", "--set=shopd:hours:thursday=closed",
               "--set=shopd:hours:friday=closed", "--set=shopd:hours:saturday=closed",
               "--set=shopd:hours:sunday=closed") as shop:
        done = subprocess.run([PYTHON, str(DEMO), "--state", str(shop.state)], capture_output=True,
                              text=True, timeout=120, check=False)
        assert done.returncode == 1 and "breaks off" in done.stdout, done.stdout + done.stderr


def make_run(state):
    """`make run` in a process group of its own."""
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.Popen(["make", "run", f"STATE={state}", "PORT=0"], cwd=ROOT, env=env,
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.STDOUT, start_new_session=True)


def test_make_run_ends_on_either_signal_and_leaves_nothing(start):
    del start  # this test starts its shops by make
    for how, whom in ((signal.SIGTERM, os.kill), (signal.SIGINT, os.kill),
                      (signal.SIGINT, os.killpg), (signal.SIGKILL, os.kill)):
        with tempfile.TemporaryDirectory(prefix="shop-") as state:
            make = make_run(state)
            try:
                run_json = pathlib.Path(state, "run.json")
                until(lambda: run_json.exists() or make.poll() is not None, 120, "run.json")
                pids = Shop(run_json).pids()
                assert len(pids) >= 5 and all(alive(p) for p in pids.values()), pids
                whom(make.pid, how)
                make.wait(30)
                until(lambda: not [p for p in pids.values() if alive(p)], 15,
                      f"the end of every program after {how.name} by {whom.__name__}")
                until(lambda: not run_json.exists(), 5, "the end of run.json")
            finally:
                if make.poll() is None:
                    os.killpg(make.pid, signal.SIGKILL)


def test_a_very_long_state_folder_works(start):
    del start
    with tempfile.TemporaryDirectory(prefix="shop-") as folder:
        state = pathlib.Path(folder, "a-long-name-" * 8, "of-a-folder-" * 5)
        runner = subprocess.Popen([sys.executable, str(ROOT / "tests/standin/run.py"), "--state",
                                   str(state), "--port", "0", "--no-import", "--build",
                                   os.environ.get("SHOP_BUILD", "build/gcc")], cwd=ROOT,
                                  stdout=subprocess.PIPE, text=True)
        try:
            until(lambda: (state / "run.json").exists() or runner.poll() is not None, 60, "run.json")
            assert runner.poll() is None, runner.stdout.read()
            assert Shop(state / "run.json").shopctl("status")["ledger_ok"]
        finally:
            runner.terminate()
            assert runner.wait(30) == 0


def test_a_second_shop_in_the_same_folder_is_refused(shop):
    done = subprocess.run([sys.executable, str(ROOT / "tests/standin/run.py"), "--state",
                           str(shop.state), "--port", "0", "--build",
                           os.environ.get("SHOP_BUILD", "build/gcc")], capture_output=True,
                          text=True, timeout=30, check=False, cwd=ROOT)
    assert done.returncode == 1 and "already" in done.stdout, done
    assert json.loads(shop.run_json.read_text()) == shop.run, "the refused one touched run.json"
    assert shop.shopctl("status")["ledger_ok"]


if __name__ == "__main__":
    main(globals())
