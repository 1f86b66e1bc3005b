#!/bin/sh
# units.sh: what systemd itself says about the service files: every word known (verify exits 0 on an
# unknown one, so anything on stderr fails), each service as closed as it was measured to be, users and
# folders as they are needed. Each check first has to find a planted fault. Ends with N passed, M failed.
set -eu
cd "$(dirname "$0")/../.."
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
passed=0
failed=0

# Units to verify: the same files with a program that exists on a machine where nothing is installed.
plant() {
	mkdir -p "$2"
	for unit in $1; do
		sed -E 's#^(Exec[A-Za-z]*=[+-]?)/usr/bin/(shopd|counterd|courierd|officed) #\1/usr/bin/true #' \
			"$unit" >"$2/$(basename "$unit")"
	done
}

words_known() {
	said=$(systemd-analyze verify --man=no "$@" 2>&1) && [ -z "$said" ] && return 0
	echo "$said"
	return 1
}

closed_enough() {
	systemd-analyze security --offline=true --no-pager --threshold="$1" "$2" >"$here/security" 2>&1 &&
		return 0
	grep -E '✗|Overall|Fail' "$here/security" || cat "$here/security"
	return 1
}

# Makes the users in a folder, then what they own; each that a unit or a folder names must be there.
# (Only root may give a file away: for others that one complaint is no finding.)
users_and_folders() {
	root=$here/root
	rm -rf "$root"
	mkdir -p "$root/etc" "$root/usr/lib/sysusers.d" "$root/usr/lib/tmpfiles.d"
	echo 'root:x:0:0::/:/bin/sh' >"$root/etc/passwd"
	printf 'root:x:0:\nwww-data:x:33:\n' >"$root/etc/group"
	cp "$1" "$root/usr/lib/sysusers.d/shopkeeper.conf"
	cp "$2" "$root/usr/lib/tmpfiles.d/shopkeeper.conf"
	said=$(systemd-sysusers --root="$root" 2>&1 | grep -v '^Creating ' || true)
	allowed='^$'
	[ "$(id -u)" -eq 0 ] || allowed='Operation not permitted'
	said=$said$(systemd-tmpfiles --root="$root" --create 2>&1 | grep -v "$allowed" || true)
	for name in $(sed -nE 's/^(User|Group|SupplementaryGroups)=//p' systemd/*.service) \
		$(awk '$1 ~ /^[a-z]$/ { print $4, $5 }' "$2"); do
		cut -d: -f1 "$root/etc/passwd" "$root/etc/group" | grep -qx "$name" ||
			said="$said nobody makes $name"
	done
	for folder in run/shopkeeper run/shopkeeper-counter var/lib/shopkeeper; do
		[ -d "$root/$folder" ] || said="$said /$folder was not made"
	done
	[ -z "$said" ] && return 0
	echo "$said"
	return 1
}

# What comes later in a unit holds: the calls that an earlier line took away are given back.
bounds_itself() {
	awk -F= '$1 == "SystemCallFilter" && $2 ~ /@resources/ { given = 0 }
		$1 == "SystemCallFilter" && $2 ~ /^setrlimit prlimit64$/ { given = 1 }
		END { exit !given }' "$1" && return 0
	echo "$1 may not set its child's limits"
	return 1
}

check() { # what, command…
	what=$1
	shift
	if said=$("$@"); then
		passed=$((passed + 1))
		echo "ok      $what"
	else
		failed=$((failed + 1))
		echo "FAILED  $what"
		echo "$said" | sed 's/^/        /'
	fi
}

finds() {
	if "$@" >"$here/found" 2>&1; then
		echo "it overlooks a planted fault: $*"
		return 1
	fi
}

plant "$(echo systemd/*.service)" "$here/units"
mkdir -p "$here/faulty"
sed 's/^WatchdogSec=/WatchdogSecs=/' "$here/units/shopd.service" >"$here/faulty/shopd.service"
sed '/^PrivateNetwork=/d' systemd/counterd.service >"$here/faulty/counterd.service"
sed '/^SystemCallFilter=setrlimit/d' systemd/officed.service >"$here/faulty/officed.service"
sed '/^u .*courierd/d' systemd/sysusers.conf >"$here/faulty/sysusers.conf"

check "units: self-test, an unknown word" finds words_known "$here/faulty/shopd.service"
check "units: self-test, a service with a network" finds closed_enough 3 "$here/faulty/counterd.service"
check "units: self-test, a user that nobody makes" \
	finds users_and_folders "$here/faulty/sysusers.conf" systemd/tmpfiles.conf
check "units: self-test, a service that cannot bound its child" finds bounds_itself "$here/faulty/officed.service"
check "units: every word is known" words_known "$here"/units/*.service
# Tenths of systemd's exposure score. shopd's: devices, and the read of the clock's state (see there);
# officed's: the limits that its renderer sets for itself.
check "units: shopd is closed" closed_enough 10 systemd/shopd.service
check "units: counterd is closed" closed_enough 2 systemd/counterd.service
check "units: courierd is closed but for its way out" closed_enough 11 systemd/courierd.service
check "units: officed is closed but for its way out" closed_enough 12 systemd/officed.service
check "units: officed's renderer bounds itself" bounds_itself systemd/officed.service
check "units: users and folders" users_and_folders systemd/sysusers.conf systemd/tmpfiles.conf
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
