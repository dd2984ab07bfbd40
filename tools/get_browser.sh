#!/usr/bin/env bash
# The browser tests drive Debian's Chromium. Install it where that is possible; say loudly where it is not.
set -u
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests ..."
  if apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends chromium >/dev/null; then
    exit 0
  fi
fi
echo "NO BROWSER: the browser tests will be skipped. Install Chromium (on Debian: sudo apt-get install chromium)." >&2
exit 0
