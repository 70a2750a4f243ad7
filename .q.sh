# stop the crawls, wait till nothing but a sleeping holder of the lock is left, measure, go on
cd /var/tmp/w/pace
pgs=$(for f in .wapiti.pid .wapiti2.pid; do ps -o pgid= $(cat $f) 2>/dev/null; done | tr -d ' ' | sed 's/^/-/' | xargs)
trap '[ -n "$pgs" ] && kill -CONT -- $pgs 2>/dev/null' EXIT
flock -o /var/tmp/w/turnstile.lock bash -c 'p="$1"; shift
n=0; while ps ax -o args | grep "flock -o -s /var/tmp/w/quiet.lock" | grep -v "grep\|pages_prof_db" >/dev/null && [ $n -lt 300 ]; do sleep 1; n=$((n+1)); done
echo "waited $n s" >&2
[ -n "$p" ] && kill -STOP -- $p 2>/dev/null; exec timeout 240 "$@"' x "$pgs" "$@"
