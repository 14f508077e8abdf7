#!/usr/bin/env bash
# Traces a case of the worked example from nothing, in a home of its own: ./demo-home.
set -euo pipefail
cd "$(dirname "$0")/.."

home=demo-home
example=examples/worked-example
export PATH="$PWD/.venv/bin:$PATH"

run() {
    printf '\n$ ringfence %s\n' "$*"
    ringfence "$@"
}

deliver() {
    local table=$1 file=$2
    shift 2
    ringfence import "$example/$file" --as "$table" --home "$home" "$@" >/dev/null
    printf '  %-22s %s\n' "$file" "$(($(wc -l <"$example/$file") - 1)) rows"
}

rm -rf "$home"
run init "$home" --synthetic --jurisdiction CN --zone Asia/Shanghai

printf '\nDelivered on 10 July 2022, 21:00 (ringfence import FILE --as TABLE):\n'
evening=2022-07-10T21:00:00+08:00
for table in jurisdiction subject place presence event encounter link case case_event test \
    symptom measure; do
    deliver "$table" "$table.csv" --clock "$evening"
done

printf '\nDelivered on 11 July 2022, 08:30, after the interviews:\n'
morning=2022-07-11T08:30:00+08:00
deliver presence interview_presence.csv --source interviews --clock "$morning"
deliver case interview_case.csv --clock "$morning"
deliver case_event interview_case_event.csv --clock "$morning"

now=2022-07-11T09:00:00+08:00
run trace C1 --home "$home" --clock "$now"
run trace C1 --home "$home" --clock "$now" --format html --output "$home/trace.html"
printf '\nThe same, to look at in a browser: %s\n' "$PWD/$home/trace.html"
