#!/bin/sh
# run_fuzz.sh SECONDS [NAME…]: every parser as a fuzz target: its corpus first, then SECONDS of
# mutations of it, two targets at a time, under ASan and UBSan. Ends with N passed, N failed.
#
# A target is tests/fuzz/fuzz_NAME.c with LLVMFuzzerTestOneInput, linked with all floors; its corpus
# is tests/fuzz/corpus/NAME/, and tests/fuzz/corpus/NAME.dict is its dictionary, if there is one.
# An input that broke one is left in build/fuzz/NAME-*, and belongs into the corpus afterwards.
set -eu
seconds=${1:-5}
[ $# -eq 0 ] || shift
cd "$(dirname "$0")/../.."
out=build/fuzz
bin=build/clang-fuzz/fuzz
mkdir -p "$out"

${MAKE:-make} --no-print-directory -j2 CC=clang SAN=fuzz fuzzers >"$out/build.log" 2>&1 || {
	cat "$out/build.log"
	echo "FAILED  the fuzz targets do not build"
	echo "0 passed, 1 failed"
	exit 1
}

one() {
	name=$1
	mkdir -p "$out/$name"
	corpus=$out/$name
	[ ! -d "tests/fuzz/corpus/$name" ] || corpus="$corpus tests/fuzz/corpus/$name"
	dict=
	[ ! -f "tests/fuzz/corpus/$name.dict" ] || dict=-dict=tests/fuzz/corpus/$name.dict
	seeds=
	[ ! -d "tests/fuzz/corpus/$name" ] || seeds=tests/fuzz/corpus/$name/*
	# shellcheck disable=SC2086
	if { [ -z "$seeds" ] || "$bin/fuzz_$name" -timeout=10 $seeds; } &&
		"$bin/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
			-print_final_stats=1 -artifact_prefix="$out/$name-" $dict $corpus; then
		echo good >"$out/$name.result"
	else
		echo bad >"$out/$name.result"
	fi >"$out/$name.log" 2>&1
}

names=$*
[ -n "$names" ] || names=$(for f in tests/fuzz/fuzz_*.c; do basename "$f" .c; done | sed s/^fuzz_//)
passed=0
failed=0
# shellcheck disable=SC2086
set -- $names
while [ $# -gt 0 ]; do
	pair="$1 ${2:-}"
	shift
	[ $# -eq 0 ] || shift
	for name in $pair; do
		rm -f "$out/$name.result"
		one "$name" &
	done
	wait
	for name in $pair; do
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/$name.log")
		if [ "$(cat "$out/$name.result" 2>/dev/null)" = good ]; then
			passed=$((passed + 1))
			echo "ok      fuzz $name: ${runs:-0} inputs"
		else
			failed=$((failed + 1))
			echo "FAILED  fuzz $name"
			tail -n 40 "$out/$name.log"
		fi
	done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
