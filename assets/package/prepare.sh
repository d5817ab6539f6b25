#!/bin/sh
# Writes what a package holds beside the program: manual pages, completions, licences.
#
#   assets/package/prepare.sh target/dist/tagscope target/package
set -eu
program=$1
folder=$2
here=$(dirname "$0")/../..

rm -rf "$folder"
mkdir -p "$folder/completions"
"$program" man --output "$folder/man"
"$program" completions bash >"$folder/completions/tagscope"
"$program" completions zsh >"$folder/completions/_tagscope"
"$program" completions fish >"$folder/completions/tagscope.fish"
"$program" completions powershell >"$folder/completions/_tagscope.ps1"
cp "$here/README.md" "$here/CHANGELOG.md" "$here/LICENSE-APACHE" "$here/LICENSE-MIT" "$folder"
# The terms of the embedded weeks.
cp "$here/assets/README.md" "$folder/DATA.md"
cp -R "$here/assets/ci" "$folder/ci"
