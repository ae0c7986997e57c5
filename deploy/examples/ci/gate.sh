#!/bin/sh
# Ends with 0 when Ringwatch says go, else not: a step before a ring is widened.
#   RINGWATCH_URL=https://ringwatch.example RINGWATCH_KEY=rw_... sh gate.sh channel-file-291 C-00000291-00000000-00000032
# `curl -f` fails on any status of 400 and above; the body then says why. Here the key comes by standard input, so that no list of
# processes shows it. Wait for more hosts by asking again, as below: hold is no failure of the update.
set -eu
url="$RINGWATCH_URL/api/v1/updates/$1/$2/gate"
tries="${RINGWATCH_TRIES:-1}"
while :; do
  if printf 'header = "Authorization: Bearer %s"\n' "${RINGWATCH_KEY:-}" | curl --config - --fail-with-body --silent --show-error --max-time 15 "$url"; then
    exit 0
  fi
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || exit 1
  sleep "${RINGWATCH_PAUSE:-60}"
done
