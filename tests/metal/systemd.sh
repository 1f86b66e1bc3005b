#!/bin/busybox sh
# systemd.sh ROOT DIR: makes of the guest's root one that a real systemd can boot: nothing of what
# the host mounts or starts, and guest.py as a unit. Everything else is as Debian has it.
root=$1 dir=$2
set -e
rm -f "$root/.dockerenv" # this is no container, wherever the host may be
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
# what a guest has no use for, and would pay for dearly: every processor instruction is emulated
for unit in systemd-udev-trigger systemd-journal-flush systemd-update-utmp systemd-random-seed \
	systemd-binfmt systemd-pcrphase systemd-pcrphase-sysinit systemd-repart kmod-static-nodes \
	modprobe@configfs modprobe@dm_mod modprobe@fuse modprobe@loop modprobe@drm modprobe@efi_pstore \
	systemd-machine-id-commit systemd-tmpfiles-setup-dev systemd-modules-load; do
	ln -sf /dev/null "$root/etc/systemd/system/$unit.service"
done
for unit in dev-hugepages.mount sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount; do
	ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
ln -s metal.target "$root/etc/systemd/system/default.target"
# the machine's own watchdog, fed by systemd; patient until the last case, for the host may be busy
printf "[Manager]\nRuntimeWatchdogSec=300s\nShowStatus=no\n" \
	>"$root/etc/systemd/system.conf.d/metal.conf"
printf '[Journal]\nStorage=volatile\nRateLimitIntervalSec=0\n' \
	>"$root/etc/systemd/journald.conf.d/metal.conf"
