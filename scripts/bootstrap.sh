#!/usr/bin/env bash
# Makes .venv with the locked dependencies and installs the missing system packages.
# Usage: scripts/bootstrap.sh run|dev|bench
# Quick when nothing has changed: stamps in .venv hold the hash of what was installed.
set -euo pipefail
cd "$(dirname "$0")/.."

set_name=${1:?run, dev or bench}
lock=requirements/$set_name.txt
venv=.venv
ready='import sys; sys.exit(sys.version_info < (3, 11))'

say() { printf '%s\n' "$*" >&2; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 \
        /usr/bin/python3; do
        # A version manager's shim may be on PATH and stand for no interpreter at all.
        if "$candidate" -c "$ready" >/dev/null 2>&1; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return 0
        fi
    done
    return 1
}

missing_packages() {
    local system_python=$1
    if [[ ! -e $venv ]]; then
        if [[ -z $system_python ]]; then
            echo python3 python3-venv
        elif ! "$system_python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            # Debian's python3-venv belongs to its default version; each other one has its own.
            "$system_python" -c 'import sys
default = sys.executable in ("/usr/bin/python3", "/bin/python3")
print("python3-venv" if default else f"python3.{sys.version_info[1]}-venv")'
        fi
    fi
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
    [[ $set_name == run ]] && return 0
    command -v chromium >/dev/null || echo chromium
    command -v java >/dev/null || echo default-jre-headless
    command -v strace >/dev/null || echo strace
    compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK*' >/dev/null || echo fonts-noto-cjk
}

apt_prefix() {
    if [[ $(id -u) == 0 ]]; then
        echo env
    elif command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
        echo sudo
    else
        return 1
    fi
}

install_system_packages() {
    local prefix log
    [[ $# == 0 ]] && return 0
    if ! command -v apt-get >/dev/null || ! prefix=$(apt_prefix); then
        say "These system packages are missing and may not be installed from here: $*"
        say "Install them, then run the command again:"
        say "    apt-get install --yes --no-install-recommends $*"
        exit 1
    fi
    say "Installing system packages: $*"
    log=$(mktemp)
    if ! { "$prefix" apt-get update &&
        "$prefix" DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
            "$@"; } </dev/null >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        say "apt-get failed. Install these packages, then run the command again: $*"
        exit 1
    fi
    rm -f "$log"
}

wanted_stamp() {
    { cat requirements/*.txt pyproject.toml && "$venv/bin/python" --version && pwd; } | sha256sum
}

# The larger sets hold the smaller ones.
sets_that_suffice() {
    case $set_name in
        run) echo run dev bench ;;
        dev) echo dev bench ;;
        *) echo "$set_name" ;;
    esac
}

install_python_packages() {
    local wanted name
    wanted=$(wanted_stamp)
    for name in $(sets_that_suffice); do
        [[ -f $venv/installed-$name && $(<"$venv/installed-$name") == "$wanted" ]] && return 0
    done
    say "Installing $(grep -c '^[a-z0-9]' "$lock") locked packages into $venv (a few minutes)"
    rm -f "$venv"/installed-*
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes \
        --requirement "$lock"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps \
        --no-build-isolation --editable .
    # pip leaves it undone where PYTHONDONTWRITEBYTECODE is set: each process would compile anew.
    # Some packages carry templates that are no Python yet.
    "$venv/bin/python" -m compileall -qq -j 0 "$venv"/lib/python*/site-packages || true
    echo "$wanted" >"$venv/installed-$set_name"
}

# A broken or outdated interpreter is as good as none.
if [[ -e $venv ]] && ! "$venv/bin/python" -c "$ready" >/dev/null 2>&1; then
    say "$venv does not work any more: making it anew"
    rm -rf "$venv"
fi
system_python=
if [[ ! -e $venv ]]; then
    system_python=$(find_python || true)
fi
mapfile -t missing < <(missing_packages "$system_python")
# Words of one line are separate packages.
# shellcheck disable=SC2086,SC2048
install_system_packages ${missing[*]}
if [[ ! -e $venv ]]; then
    if ! system_python=$(find_python); then
        say "Python 3.11 or newer is needed and was not found: install it, or set PYTHON to its path."
        exit 1
    fi
    say "Making $venv with $system_python"
    "$system_python" -m venv "$venv"
fi
install_python_packages
