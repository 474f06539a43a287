#!/bin/sh
# Makes .venv ready to run Riskboard: Python, hash-checked packages, and the libraries PDF reports need.
# Usage: scripts/setup.sh run|full|dev   (full: with every extra: encrypted backups, signing, SAML, traces)   Run again at any time: it does only what is missing.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
export UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$*" >&2; }
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo -n "$@"
  else return 1; fi
}
apt_install() {
  command -v apt-get >/dev/null 2>&1 || return 1
  as_root sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null' sh "$@"
}

find_python() {
  for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"; return 0
    fi
  done
  return 1
}
if ! python=$(find_python); then
  apt_install python3 python3-venv || true
  python=$(find_python) || {
    say "Riskboard needs Python 3.11 or newer, and none was found."
    say "Install it (Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv) and run this again;"
    say "or name one: PYTHON=/path/to/python3.12 make demo"
    exit 1
  }
fi

requirements=requirements/$kind.txt
stamp=$("$python" -c 'import hashlib,sys; print(hashlib.sha256(b"".join(open(f,"rb").read() for f in sys.argv[1:])).hexdigest())' "$requirements" requirements/uv.txt)
have=$(cat .venv/riskboard-stamp 2>/dev/null || true)
if [ "$have" != "$kind $stamp" ] && ! { [ "$kind" = run ] && [ -n "$have" ] && [ "${have%% *}" != run ] && [ -f .venv/run-stamp ] && [ "$(cat .venv/run-stamp)" = "$stamp" ]; }; then
  if [ ! -x .venv/bin/python ]; then
    "$python" -c 'import ensurepip' 2>/dev/null || apt_install python3-venv || {
      say "Python's venv module is missing. Run: apt-get install python3-venv"
      exit 1
    }
    "$python" -m venv .venv || { say "The virtual environment could not be made in .venv; remove that folder and run this again."; exit 1; }
  fi
  .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null # a venv made without pip
  say "installing packages (hash-checked) ..."
  .venv/bin/python -m pip install -q --require-hashes --no-deps -r requirements/uv.txt
  .venv/bin/uv pip sync -q --python .venv/bin/python --require-hashes "$requirements" ||
    .venv/bin/python -m pip install -q --require-hashes -r "$requirements"
  # the console script; the code itself is read from this folder
  site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  pwd >"$site/riskboard-checkout.pth"
  printf '#!%s\nfrom riskboard.cli import main\nraise SystemExit(main())\n' "$(pwd)/.venv/bin/python" >.venv/bin/riskboard
  chmod +x .venv/bin/riskboard
  printf '%s %s\n' "$kind" "$stamp" >.venv/riskboard-stamp
  "$python" -c 'import hashlib,sys; print(hashlib.sha256(b"".join(open(f,"rb").read() for f in sys.argv[1:])).hexdigest())' requirements/run.txt requirements/uv.txt >.venv/run-stamp
fi

.venv/bin/python -m riskboard.messages compile >/dev/null

library=$(.venv/bin/python -c 'from assessments.report.pdf import missing_library; print(missing_library() or "")')
if [ -n "$library" ]; then
  line="apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
  say "installing the libraries PDF reports need ..."
  if ! apt_install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; then
    say "PDF reports need system libraries ($library is missing) that could not be installed from here."
    say "Run as root:  $line"
    say "Going on without: reports will be HTML."
  fi
fi
