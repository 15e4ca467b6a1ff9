#!/usr/bin/env bash
# Gets what the tests need beyond npm: two Gunicorns into .cache/tools, a few programs from Debian's packages.
# Finds what is already there, installs what is not, or names what is missing and how to get it (exit 1).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=.cache/tools
missing=()

# program : Debian package
programs=(
  python3:python3
  logrotate:logrotate
  htop:htop
  tmux:tmux
  wrk:wrk
  goaccess:goaccess
  ss:iproute2
  setpriv:util-linux
  prometheus:prometheus
  promtool:prometheus
  prometheus-alertmanager:prometheus-alertmanager
)

install_packages() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Called with a name and pip requirements: an environment of its own under .cache/tools.
install_gunicorn() {
  local name=$1
  shift
  rm -rf "${tools:?}/$name"
  python3 -m venv "$tools/$name" 2>/dev/null || { install_packages python3-venv && python3 -m venv "$tools/$name"; } || return 1
  "$tools/$name/bin/pip" install --quiet --retries 1 "$@"
}

has() { PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null; }

# The strict parser of OpenMetrics. Debian's, so Debian's Python: another one on the path would not have it.
has_client() { /usr/bin/python3 -c 'import prometheus_client.openmetrics.parser' 2>/dev/null; }

wanted=()
has_client || wanted+=(python3-prometheus-client)
for entry in "${programs[@]}"; do
  has "${entry%%:*}" || wanted+=("${entry#*:}")
done
if [ ${#wanted[@]} -gt 0 ]; then
  install_packages "${wanted[@]}" >&2 || true
  for entry in "${programs[@]}"; do
    has "${entry%%:*}" || missing+=("${entry%%:*}: apt-get install ${entry#*:}")
  done
  has_client || missing+=('prometheus_client: apt-get install python3-prometheus-client')
fi

mkdir -p "$tools"
if [ ! -x "$tools/gunicorn-26/bin/gunicorn" ]; then
  install_gunicorn gunicorn-26 'gunicorn>=26,<27' >&2 || missing+=("Gunicorn 26: $tools/gunicorn-26/bin/pip install 'gunicorn>=26,<27'")
fi

# Debian 12 packages 20.1, which differs most from today's; elsewhere pip still has it.
if [ ! -x "$tools/gunicorn-20.1/bin/gunicorn" ]; then
  debian() { /usr/bin/gunicorn --version 2>/dev/null | grep -q 'version 20\.1\.'; }
  debian || install_packages gunicorn >&2 || true
  if debian; then
    mkdir -p "$tools/gunicorn-20.1/bin"
    ln -sf /usr/bin/gunicorn "$tools/gunicorn-20.1/bin/gunicorn"
  else
    install_gunicorn gunicorn-20.1 'gunicorn==20.1.0' 'setuptools<81' >&2 ||
      missing+=("Gunicorn 20.1: apt-get install gunicorn (Debian 12), or pip install 'gunicorn==20.1.0' 'setuptools<81' into $tools/gunicorn-20.1")
  fi
fi

if [ ${#missing[@]} -gt 0 ]; then
  echo 'The tests need programs that could not be installed here:' >&2
  printf '  %s\n' "${missing[@]}" >&2
  exit 1
fi
