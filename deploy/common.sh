# Sourced by backup and restore: where Kartei is, where its data lives, and the command prefix that becomes its owner.
# Sets: here, kartei (program), var, run (folder of the database's socket), as (array), pg (folder of PostgreSQL's programs).

fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

here=$(dirname "$(readlink -f "$0")")
pg=/usr/lib/postgresql/15/bin
for kartei in "${KARTEI_PROGRAM:-}" "$here/kartei" "$here/../build/services/kartei" "$here/../../../bin/kartei" ""; do
  [ -z "$kartei" ] || [ ! -x "$kartei" ] || break
done
[ -n "$kartei" ] || fail "the program kartei is not beside this script (KARTEI_PROGRAM names it); build it by ./up, or install it"

checkout=$([ -d "$here/../migrations" ] && readlink -f "$here/.." || true)
if [ -n "${KARTEI_VAR:-}" ]; then
  var=$(realpath -m -- "$KARTEI_VAR")
elif [ -n "$checkout" ] && { [ -d "$checkout/var" ] || [ ! -d /var/lib/kartei/var ]; }; then
  var=$checkout/var
else
  var=/var/lib/kartei/var
fi

# As root: the owner of the data, or who will own it. Who cannot reach a checkout under /root has a copy (see ../up).
as=()
if [ "$(id -u)" -eq 0 ]; then
  owner=$([ -d "$var" ] && stat -c %U "$var" || echo "${KARTEI_USER:-postgres}")
  [ "$owner" != root ] || owner=${KARTEI_USER:-postgres}
  as=(setpriv "--reuid=$owner" "--regid=$(id -g "$owner")" --init-groups)
  "${as[@]}" test -x "$kartei" || kartei=/var/lib/kartei/bin/kartei
fi
# As in store/pg.c: a database on another host is reached by TLS 1.3 and proves its name.
as+=(env "HOME=$var" "KARTEI_VAR=$var" PGSSLMODE=verify-full PGSSLMINPROTOCOLVERSION=TLSv1.3)

# Notes a backup or a restore test in the running instance, for /proof/privacy and the warnings. That failing is no failure of it.
note() { run_kartei admin drill note --kind "$1" --outcome "$2" --detail "$3" 2> /dev/null || echo "${0##*/}: not noted" >&2; }

run_kartei() { (cd / && "${as[@]}" "$kartei" "$@"); }
