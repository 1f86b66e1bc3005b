#!/bin/sh
# update.sh: installs a release that courierd has fetched, and takes it back when the shop is not as well
# as before. To /usr/lib/shopkeeper/update; run by shopkeeper-update.timer, as root.
#
# It may be cut at any moment, by a power cut too: what it is about stands in $S/phase, and the next run
# goes on from there, to a whole new version or the whole old one.
#
#   (none)    nothing is under way: look whether there is a release, and whether the shop lets it in
#   install   the old packages and the books are kept: put the new ones in, and see how the shop is
#   back      it was not as well as before: put the old ones in, and the books if their form has changed
#   backed    that is done: start, and say so
#
# The courier is held until the shop itself has been found well: while it is, nothing written under the new
# version has left the box, and the books can be put back as they were.
set -eu
umask 022

P=${SHOPKEEPER_ROOT-} # tests: everything stands below this folder
[ -n "$P" ] || PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C
S=$P/var/lib/shopkeeper-update
FETCHED=$P/var/lib/shopkeeper/updates
MAY=$P/run/shopkeeper/update-ok
KEYS=$P/etc/shopkeeper/release.keys
PACKAGES="shopkeeper-common shopkeeper-shop"
PACKAGE_MAX=67108864   # bytes, and how many of them: as wire/release.h has it
PACKAGES_MAX=4
FRESH_S=60             # shopd renews its word every five seconds
WELL_S=${SHOPKEEPER_WELL_S-120} # the shop has so long to be well, and as long again with its courier

say() { echo "update: $*"; }

# A file in one step: put NAME TEXT
put() {
	printf '%s\n' "$2" >"$S/$1.new"
	sync "$S/$1.new"
	mv "$S/$1.new" "$S/$1"
	sync "$S"
}

phase() { put phase "$1"; }

doctor() { shopctl doctor --etc "$P/etc/shopkeeper" --update /dev/null "$@"; }

installed() { dpkg-query -W -f '${Version}' shopkeeper-shop; }

# Whether shopd lets it in: nobody is inside, no alarm stands, it is night; and that was said just now.
may() {
	said=$(stat -c %Y "$MAY" 2>/dev/null) && [ $(($(date +%s) - said)) -lt "$FRESH_S" ]
}

# --- before anything is changed

# What was fetched is not what it should be: away with it, so that it is fetched anew.
refuse() {
	say "refused: $*"
	rm -rf "$S/new"
	find "$FETCHED" -mindepth 1 -maxdepth 1 -type f -delete
	exit 1
}

# A copy that nobody but root can change: only that is verified, and only that is installed. What its list
# says is nobody's word yet: it names packages alone, so that none of them takes the list's own place, and
# nothing stays beside those that were signed.
take() {
	rm -rf "$S/new"
	mkdir -m 700 "$S/new"
	timeout 60 head -c 4097 "$FETCHED/ready" >"$S/new/manifest"
	for name in $(sed -n 's/^file \([A-Za-z0-9][A-Za-z0-9.+~_-]*\.deb\) .*/\1/p' "$S/new/manifest" |
		head -n "$PACKAGES_MAX"); do
		[ -f "$FETCHED/$name" ] && [ ! -L "$FETCHED/$name" ] || refuse "$name is missing"
		timeout 300 head -c $((PACKAGE_MAX + 1)) "$FETCHED/$name" >"$S/new/$name"
	done
	facts=$(shopctl release verify "$S/new" --keys "$KEYS" --arch "$(dpkg --print-architecture)" \
		--after "$(installed)") || refuse "see above"
	for path in "$S"/new/*; do
		name=${path##*/}
		[ "$name" = manifest ] || echo "$facts" | grep -qxF "file $name" || refuse "$name was not signed"
	done
	put facts "$(echo "$facts" | sed -n 's/^version //p')"
}

# The way back: the packages as they are installed, put together again from their own files.
repack() { # PACKAGE
	version=$(dpkg-query -W -f '${Version}' "$1")
	arch=$(dpkg-query -W -f '${Architecture}' "$1")
	room=$S/kept.new/room
	rm -rf "$room"
	mkdir -p "$room/DEBIAN"
	dpkg-query -s "$1" | sed '/^Status:/d; /^Conffiles:/,/^[^ ]/{/^Conffiles:/d; /^ /d}' \
		>"$room/DEBIAN/control"
	for script in preinst postinst prerm postrm conffiles triggers shlibs symbols; do
		file=$P/var/lib/dpkg/info/$1.$script
		[ ! -f "$file" ] || cp -p "$file" "$room/DEBIAN/$script"
	done
	dpkg-query -L "$1" >"$S/kept.new/list"
	while IFS= read -r path; do
		[ "$path" != /. ] || continue
		# /lib is a link where /usr is merged, and a folder in the package: something stands below it
		if [ -d "$P$path" ] && { [ ! -L "$P$path" ] || grep -q "^$path/" "$S/kept.new/list"; }; then
			mkdir -p "$room$path"
		elif [ -e "$P$path" ] || [ -L "$P$path" ]; then
			mkdir -p "$room${path%/*}"
			cp -pP "$P$path" "$room$path"
		fi
	done <"$S/kept.new/list"
	rm -f "$S/kept.new/list"
	dpkg-deb --root-owner-group -b "$room" "$S/kept.new/$1_${version}_$arch.deb" >/dev/null
	rm -rf "$room"
}

keep() {
	rm -rf "$S/kept.new"
	mkdir -m 700 "$S/kept.new"
	for package in $PACKAGES; do
		if dpkg-query -W "$package" >/dev/null 2>&1; then
			repack "$package"
		fi
	done
	sync "$S"/kept.new/*.deb
	rm -rf "$S/kept"
	mv "$S/kept.new" "$S/kept"
}

# How the shop was: with its courier, and without.
was() { # FILE
	shopctl --json doctor --etc "$P/etc/shopkeeper" --update /dev/null >"$S/$1" || :
	[ -s "$S/$1" ] || { say "the shop cannot be looked at"; exit 1; }
}

prepare() {
	was before-all.json
	keep
	systemctl mask courierd.service
	systemctl stop courierd.service
	was before.json
	may || { say "somebody has come in meanwhile"; exit 1; } # that took a while
	stop_shop
	rm -rf "$S/books"
	shopctl --state "$P/var/lib/shopkeeper" backup "$S/books" --etc "$P/etc/shopkeeper"
	sync
}

# --- the change

stop_shop() {
	systemctl stop counterd.socket counterd.service shopd.service
}

start_shop() {
	systemctl daemon-reload
	systemctl restart shopd.service counterd.socket counterd.service
}

start_courier() {
	systemctl unmask courierd.service
	systemctl restart courierd.service
}

install() {
	dpkg --configure -a --force-confold
	dpkg -i --force-confold "$S"/new/*.deb
	start_shop
	doctor --since "$S/before.json" --wait "$WELL_S"
	# from here on what is written leaves the box
	put sent yes
	start_courier
	doctor --since "$S/before-all.json" --wait "$WELL_S"
}

# Whether the new version has brought the books into a form that the old one cannot read.
form_changed() {
	# shellcheck disable=SC2046 # three words
	set -- $(cat "$S/facts") $(cat "$S/forms")
	[ "$2 $3" != "$4 $5" ]
}

back() {
	systemctl mask courierd.service || :
	systemctl stop courierd.service || :
	stop_shop || :
	dpkg --configure -a --force-confold || :
	if ! dpkg -i --force-confold --force-downgrade "$S"/kept/*.deb; then
		# a shop that is half old is better open than shut; the next run tries again
		say "the old packages could not be put back"
		start_shop || :
		# where the books are put back too, nothing that they do not hold may leave the box before
		form_changed || start_courier || :
		exit 1
	fi
	if form_changed; then
		shopctl --state "$P/var/lib/shopkeeper" restore "$S/books" --unsent
	fi
	phase backed
}

over() { # WORD
	read -r version rest <"$S/facts" || :
	put result "$1 $version"
	say "$1 $version"
	rm -rf "$S/phase" "$S/new" "$S/sent" "$S/facts" "$S/forms" "$S/books"
	find "$FETCHED" -mindepth 1 -maxdepth 1 -type f -delete
	sync "$S"
}

# A part that ends with the first thing in it that fails, which a shell does in a process of its own alone.
part() { sh "$0" "$1"; }

go_on() {
	case $(cat "$S/phase") in
	install)
		if part install; then
			over "done"
			return
		fi
		say "the shop is not as well as before, or was not even installed"
		if [ -e "$S/sent" ] && form_changed; then
			# what is written in the new form has left the box: there is no way back from here
			say "the books are in a form that only this version reads: it stays. Look at shopctl doctor."
			over "done"
			return
		fi
		phase back
		go_on
		;;
	back)
		back
		go_on
		;;
	backed)
		start_shop
		start_courier
		over "back"
		;;
	esac
}

# --- the beginning

case ${1-} in
prepare | install)
	"$1"
	exit
	;;
esac
mkdir -p "$S"
chmod 755 "$S"
exec 9>"$S/lock"
flock -n 9 || exit 0
# who is told to end does so when the command that runs is over: not in the middle of a package
trap 'exit 143' TERM
if [ -e "$S/phase" ]; then
	say "goes on: $(cat "$S/phase")"
	go_on
	exit
fi
# one that was cut before anything was changed: the shop may stand still
if [ -e "$S/facts" ]; then
	rm -rf "$S/facts" "$S/new" "$S/kept.new"
	start_shop
	start_courier
fi
[ -e "$FETCHED/ready" ] && may || exit 0
take
read -r version rest <"$S/facts"
if [ "$(cat "$S/result" 2>/dev/null)" = "back $version" ]; then
	rm -rf "$S/facts" "$S/new"
	exit 0 # it was tried, and taken back
fi
put forms "$(shopctl release forms)"
say "$(installed) -> $version"
put result "under $version"
if ! part prepare; then
	say "not begun: the shop stays as it is"
	rm -rf "$S/new" "$S/books" "$S/result"
	systemctl is-active --quiet shopd.service || start_shop
	start_courier
	rm -f "$S/facts" "$S/forms"
	exit 1
fi
phase install
go_on
