#!/bin/sh
# Fetches the newest service tags, holds rules in use against them, writes a summary in Markdown.
#
#   RULES    files of rules, with blanks between them, globs too   [rules/*]
#   SUMMARY  the file of the summary, short enough for a comment   [tagscope.md]
#   MAX_AGE  days after which the newest week is too old           [21]
#   PASSED   a file that keeps the week of the last run that       [in the folder of the weeks]
#            passed: the next run compares with that week
#
# Exit: 0 no row is affected, 1 a row is, 2 something could not be read, 3 the newest week is too old,
# 4 no publication could be fetched or taken: the rules were held against the weeks at hand.
#
# For cron, from Tuesday to Friday:
#   0 7 * * 2-5  RULES='/etc/azure/*.json' SUMMARY=/var/tmp/tagscope.md sh /usr/local/lib/tagscope/weekly.sh
set -u
RULES=${RULES:-rules/*}
SUMMARY=${SUMMARY:-tagscope.md}
MAX_AGE=${MAX_AGE:-21}

# The graver of two exit codes, in the order in which tagscope ranks them.
graver() {
    for code in 2 4 3 1 0; do
        if [ "$1" -eq "$code" ] || [ "$2" -eq "$code" ]; then break; fi
    done
    echo "$code"
}

# An exit code of tagscope; whatever else a shell says is a failure.
known() {
    if [ "$1" -le 4 ]; then echo "$1"; else echo 2; fi
}

weeks=$(tagscope weeks path) || exit 2
PASSED=${PASSED:-$weeks/passed}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

tagscope update >"$work/update" 2>"$work/said"
result=$(known $?)
tagscope weeks --quiet >"$work/weeks" 2>>"$work/said"
result=$(graver "$result" "$(known $?)")
read -r week _ <"$work/weeks" || week=unknown

# Without a week that passed, and once more in the week that did, the one before is the base.
since=
news="The newest week is $week."
if [ -r "$PASSED" ] && read -r last <"$PASSED"; then
    if [ "$last" = "$week" ]; then
        news="Nothing new: the newest week is still $week."
    else
        since="--since $last"
    fi
fi

# Files and options are words of their own.
# shellcheck disable=SC2086
tagscope rules impact $RULES $since \
    --format markdown --max-bytes 36000 >"$work/impact" 2>>"$work/said"
impact=$(known $?)
result=$(graver "$result" "$impact")
# shellcheck disable=SC2086
tagscope diff $since --quiet --ignore-azurecloud --address-changes --max-age "$MAX_AGE" \
    --format markdown --max-bytes 20000 >"$work/diff" 2>>"$work/said"
result=$(graver "$result" "$(known $?)")

case $result in
    0) verdict="no row is affected" ;;
    1) verdict="rows are affected" ;;
    2) verdict="not everything could be read" ;;
    3) verdict="the newest week is older than $MAX_AGE days" ;;
    *) verdict="no publication was taken" ;;
esac
if [ "$impact" -eq 1 ] && [ "$result" -ne 1 ]; then verdict="$verdict; rows are affected"; fi
{
    printf '# Service tags: %s\n\n%s\n\n' "$verdict" "$news"
    cat "$work/impact"
    echo
    cat "$work/diff"
    if [ -s "$work/said" ]; then
        printf '\nWhat was said:\n\n'
        head -c 4000 "$work/said" | sed 's/^/    /'
    fi
} >"$SUMMARY" || result=2
cat "$work/said" >&2
if [ "$result" -eq 0 ]; then
    echo "$week" >"$PASSED" || result=2
fi
exit "$result"
