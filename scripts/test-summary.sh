#!/usr/bin/env bash
# test-summary.sh FOLDER: prints which tests were skipped or failed, and why, then a line with the totals of all trx files in the folder.
# Fails if a test failed or none ran.
set -euo pipefail

shopt -s nullglob
files=("$1"/*.trx)
if [[ ${#files[@]} -eq 0 ]]; then
  echo "no test results in $1"
  echo "0 passed, 0 failed"
  exit 1
fi

# The tests that were running when a test host crashed or hung.
unfinished=$(grep -ho '<Test [^>]*Completed="False"' "$1"/*/Sequence_*.xml /dev/null |
  sed 's/.* DisplayName="\([^"]*\)".*/\1/' | sort -u | tr '\n' ' ' || true)

# A trx file has one element per test, with its outcome; the first Message inside it is the reason.
awk -v unfinished="${unfinished% }" '
  function attribute(line, name) {
    if (!match(line, " " name "=\"[^\"]*\"")) return ""
    line = substr(line, RSTART, RLENGTH)
    sub(/^[^"]*"/, "", line)
    sub(/"$/, "", line)
    return plain(line)
  }
  function plain(text) {
    gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text)
    gsub(/&apos;/, "\x27", text); gsub(/&#x[DA];/, " ", text); gsub(/&amp;/, "\\&", text)
    return text
  }
  function close_test() {
    if (outcome == "NotExecuted") skipped_list = skipped_list "  skipped  " name (reason == "" ? "" : ": " reason) "\n"
    else if (outcome != "" && outcome != "Passed") failed_list = failed_list "  failed   " name (reason == "" ? "" : ": " reason) "\n"
    outcome = ""
  }
  /<UnitTestResult / {
    close_test()
    name = attribute($0, "testName"); outcome = attribute($0, "outcome"); reason = ""; place = 0
    if (outcome == "Passed") passed++
    else if (outcome == "NotExecuted") skipped++
    else failed++
  }
  outcome != "" && outcome != "Passed" && reason == "" && /<(Message|StdOut)>/ { reading = 1; sub(/.*<(Message|StdOut)>/, "") }
  reading {
    reading = !/<\/(Message|StdOut)>/
    sub(/<\/(Message|StdOut)>.*/, "")
    sub(/\r$/, "")
    reason = substr(reason (reason == "" ? "" : " ") plain($0), 1, 600)
  }
  # The innermost line of our code in the stack trace.
  outcome == "Failed" && !place && match($0, /[A-Za-z]*\.cs:line [0-9]+/) {
    place = 1; reason = reason " (" substr($0, RSTART, RLENGTH) ")"
  }
  /<\/Results>/ { close_test() }
  /<Text>The active test run was aborted/ {
    failed++
    failed_list = failed_list "  failed   the test run ended before its tests did" (unfinished == "" ? "" : ", in " unfinished) "\n"
  }
  END {
    close_test()
    if (skipped_list != "") printf "skipped:\n%s", skipped_list
    if (failed_list != "") printf "failed:\n%s", failed_list
    line = (passed + 0) " passed, " (failed + 0) " failed"
    print (skipped > 0 ? line ", " skipped " skipped" : line)
    exit (failed > 0 || passed + failed == 0)
  }' "${files[@]}"
