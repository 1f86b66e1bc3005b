#!/bin/busybox sh
# systemd.sh ROOT DIR: makes of the guest's root one that a real systemd can boot: nothing of what the
# host mounts or starts, and guest.py as a unit. Everything else is as Debian has it.
root=$1 dir=$2
set -e
: >"$root/etc/fstab"
echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id" # no first boot, which asks for things
mkdir -p "$root/etc/tmpfiles.d"
: >"$root/etc/tmpfiles.d/tmp.conf" # what stands in /tmp is the host's, and may be this very tree
rm -rf "$root"/etc/systemd/system/*.wants "$root/etc/systemd/system/default.target"
mkdir -p "$root/etc/systemd/system/metal.target.wants" "$root/etc/systemd/system.conf.d" \
	"$root/etc/systemd/journald.conf.d"
cat >"$root/etc/systemd/system/metal.target" <<END
[Unit]
Description=What the tests need of a running system
Requires=basic.target
After=basic.target
Wants=dbus.service metal.service
AllowIsolate=yes
END
cat >"$root/etc/systemd/system/metal.service" <<END
[Unit]
Description=The cases
After=basic.target dbus.service
[Service]
ExecStart=/usr/bin/python3 -B $dir/guest.py
StandardOutput=tty
StandardError=tty
TTYPath=/dev/console
LimitCORE=0
END
ln -s metal.target "$root/etc/systemd/system/default.target" 2>/dev/null ||
	ln -s /etc/systemd/system/metal.target "$root/etc/systemd/system/default.target"
# the machine's own watchdog, fed by systemd as hw/README.md has it
printf '[Manager]\nRuntimeWatchdogSec=20s\nShowStatus=yes\n' >"$root/etc/systemd/system.conf.d/metal.conf"
printf '[Journal]\nStorage=volatile\nRateLimitIntervalSec=0\n' \
	>"$root/etc/systemd/journald.conf.d/metal.conf"
