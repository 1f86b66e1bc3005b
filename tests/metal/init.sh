#!/bin/busybox sh
# init.sh: the guest's first process. The host's whole root comes in by 9p, read-only, under a layer
# of memory that takes what is written: whatever runs here runs in the host's userland, and nothing
# that it does is there afterwards. Words of the kernel's command line say how it goes on:
#   metal.dir=DIR       the tests' folder, as it is called on the host
#   metal.suite=NAME    guest.py runs these cases
#   metal.systemd=1     as a unit of a real systemd, in place of being the first process
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
fail() {
	echo "init: $*" >/dev/console
	poweroff -f
}
while read -r module; do
	insmod "/lib/$module.ko" || fail "the module $module cannot be loaded"
done </modules
word() {
	for each in $(cat /proc/cmdline); do
		case $each in "$1="*) echo "${each#*=}" ;; esac
	done
}
mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144,cache=loose hostroot /host ||
	fail "no 9p"
mount -t tmpfs -o size=75% rw /rw
mkdir /rw/upper /rw/work
mount -t overlay -o lowerdir=/host,upperdir=/rw/upper,workdir=/rw/work overlay /new ||
	fail "no overlay"
# nothing of what runs on the host is to be seen
for folder in proc sys dev run; do
	mkdir -p /new/$folder
done
for folder in proc sys dev; do
	mount -o move /$folder /new/$folder
done
mount -t tmpfs -o mode=755 run /new/run
dir=$(sed -n 's/.*metal.dir=\([^ ]*\).*/\1/p' /new/proc/cmdline)
case $(cat /new/proc/cmdline) in
*metal.systemd=1*)
	sh "/host$dir/systemd.sh" /new "$dir" || { echo "init: no units" >/new/dev/console; poweroff -f; }
	exec switch_root /new /lib/systemd/systemd
	;;
esac
exec switch_root /new /usr/bin/python3 -B "$dir/guest.py"
