#!/bin/sh
# deps.sh run|check|bench: installs the packages of packages.txt that this machine lacks. Silent, and
# without a look at the network, when there is nothing to do.
set -eu
what=${1:-run}
here=$(dirname "$0")

command -v dpkg-query >/dev/null 2>&1 || {
	echo "deps: this is no Debian; see tests/source/packages.txt for what is needed" >&2
	exit 0
}
missing=
while read -r package for_what _; do
	case $package in '' | '#'*) continue ;; esac
	case $what:$for_what in
	*:run | check:check | bench:*) ;;
	*) continue ;;
	esac
	state=$(dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | head -n 1)
	[ "$state" = installed ] || missing="$missing $package"
done <"$here/packages.txt"
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || {
		echo "deps: these packages are missing, and there is no sudo to install them:" >&2
		echo "  $missing" >&2
		exit 1
	}
	as_root="sudo"
fi
echo "deps: installing$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for step in "update" "install -y --no-install-recommends $missing"; do
	# shellcheck disable=SC2086
	$as_root apt-get -qq $step >"$log" 2>&1 || {
		cat "$log" >&2
		echo "deps: apt-get $step failed" >&2
		exit 1
	}
done
