#!/usr/bin/env bash
# is-latest-release.sh VERSION: exit code 0 if the version is the highest release among git's tags (v1.2.3), so that its images are
# `latest`; 1 for older releases, pre-releases (v2.0.0-rc1) and untagged versions.
set -euo pipefail
highest=$(git tag --list 'v*' | grep -E '^v[0-9]+\.[0-9]+\.[0-9]+$' | sort --version-sort | tail -n 1 || true)
[[ -n $highest && v${1#v} == "$highest" ]]
