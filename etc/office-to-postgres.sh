#!/bin/sh
# office-to-postgres.sh FILE URL: moves a head office from its SQLite file to PostgreSQL.
#
# officed is stopped, and was started once with URL as its `database`, so that the tables are there.
# What that start put into them is replaced. One transaction: all of it, or nothing; FILE is only read.
set -eu
[ $# = 2 ] && [ -f "$1" ] || {
	echo "usage: office-to-postgres.sh FILE postgresql://..." >&2
	exit 2
}
file=$1
url=$2

here() {
	sqlite3 -readonly -batch -bail "$file" "$1"
}

# Both as the same officed left them: an older file is taken on when officed is started with it once.
form="SELECT value FROM meta WHERE name = 'form'"
old=$(here "$form")
new=$(psql -X -q -A -t -d "$url" -c "$form")
[ "$old" = "$new" ] || {
	echo "$file has tables of form $old, $url of form $new: start this officed once with each" >&2
	exit 1
}

# Every table as SQL for psql. A blob goes as \x and hex digits, one that is not there as nothing at
# all, which COPY reads as NULL; an empty text is quoted, and stays one.
speak() {
	echo 'BEGIN;'
	for table in $(here "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"); do
		columns=$(here "SELECT group_concat(name) FROM pragma_table_info('$table')")
		values=$(here "SELECT group_concat(CASE upper(type) WHEN 'BYTEA' THEN 'CASE WHEN ' || name
			|| ' IS NOT NULL THEN ''\\x'' || hex(' || name || ') END' ELSE name END)
			FROM pragma_table_info('$table')")
		echo "DELETE FROM $table;"
		echo "COPY $table($columns) FROM STDIN WITH (FORMAT csv);"
		printf '.mode csv\n.separator "," "\\n"\nSELECT %s FROM %s;\n' "$values" "$table" |
			sqlite3 -readonly -batch -bail "$file"
		echo '\.'
	done
	echo "COMMIT; SELECT 'moved';"
}

# what is not said to its end is not committed
if [ "$(speak | psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$url")" != moved ]; then
	echo "nothing was moved: $url is as it was" >&2
	exit 1
fi
echo "moved; now start officed with its new database"
