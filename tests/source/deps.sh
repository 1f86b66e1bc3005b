#!/bin/sh
# deps.sh run|check|pages|web|bench|metal|deb: installs the packages of packages.txt that this machine lacks. Silent, and
# without a look at the network, when there is nothing to do.
set -eu
what=${1:-run}
here=$(dirname "$0")

command -v dpkg-query >/dev/null 2>&1 || {
	echo "deps: this is no Debian; see tests/source/packages.txt for what is needed" >&2
	exit 0
}
# A node that is new enough, from wherever it came, is not replaced.
enough() {
	n=$(node -p 'parseInt(process.versions.node)' 2>/dev/null </dev/null) && [ "$n" -ge 18 ]
}
missing=
while read -r package for_what _; do
	case $package in '' | '#'*) continue ;; esac
	case $what:$for_what in
	*:run | check:check | bench:check | bench:bench | metal:metal | metal:deb | deb:deb | pages:pages | web:pages | web:web) ;;
	*) continue ;;
	esac
	case $package in
	nodejs) enough && continue ;;
	npm) enough && command -v npm >/dev/null 2>&1 && continue ;;
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
policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.conf
ours=

put_back() {
	rm -f "$log"
	case $ours in *policy*) $as_root rm -f $policy ;; esac
	case $ours in *clusters*) $as_root mv -f $clusters.before $clusters ;; esac
}
trap put_back EXIT
trap 'exit 1' INT TERM

step() {
	$as_root apt-get -qq "$@" >"$log" 2>&1 || {
		cat "$log" >&2
		echo "deps: apt-get $1 failed" >&2
		exit 1
	}
}

step update
# The tests start what they need by themselves: no web server and no database is to run here, or to
# be made, because a package was unpacked.
if [ ! -e $policy ]; then
	ours=policy
	printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
	$as_root chmod 755 $policy
fi
case " $missing " in
*" postgresql "*)
	step install -y --no-install-recommends postgresql-common
	if [ -e $clusters ]; then
		$as_root cp -p $clusters $clusters.before
		ours="$ours clusters"
		$as_root sed -i 's/^#* *create_main_cluster.*/create_main_cluster = false/' $clusters
	fi
	;;
esac
# shellcheck disable=SC2086
step install -y --no-install-recommends $missing
